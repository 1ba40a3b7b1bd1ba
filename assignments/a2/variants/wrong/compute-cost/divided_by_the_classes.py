# mistake: mean-over-classes-too
def compute_cost(Z3, Y):
    losses = tf.nn.softmax_cross_entropy_with_logits(labels=tf.transpose(Y), logits=tf.transpose(Z3))
    return tf.reduce_sum(losses) / tf.cast(tf.shape(Z3)[0], losses.dtype)
