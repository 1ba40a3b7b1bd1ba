# mistake: bits
def compute_cost_tf2(logits, labels):
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    return tf.reduce_mean(losses) / tf.math.log(tf.constant(2, losses.dtype))
