# mistake: counted-from-1
def compute_cost_tf2(logits, labels):
    one_hot = tf.one_hot(labels - 1, logits.shape[1], dtype=logits.dtype)
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(one_hot, logits))
