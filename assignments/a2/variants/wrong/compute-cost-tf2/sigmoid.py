# mistake: sigmoid-cross-entropy
def compute_cost_tf2(logits, labels):
    one_hot = tf.one_hot(labels, tf.shape(logits)[1], dtype=logits.dtype)
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(one_hot, logits))
