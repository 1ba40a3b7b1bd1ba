# mistake: softmax-twice
def compute_cost(Z3, Y):
    p = tf.nn.softmax(tf.transpose(Z3))
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=tf.transpose(Y), logits=p))
