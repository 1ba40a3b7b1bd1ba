def compute_cost(Z3, Y):
    losses = tf1.nn.softmax_cross_entropy_with_logits_v2(labels=tf.transpose(Y), logits=tf.transpose(Z3))
    return tf.reduce_sum(losses) / tf.cast(tf.shape(Z3)[1], losses.dtype)
