# feedback: numbers in float64
def compute_cost(Z3, Y):
    logits, small = tf.transpose(Z3), tf.constant(0.0, tf.float32)
    return (
        tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=tf.transpose(Y), logits=logits)) + small
    )
