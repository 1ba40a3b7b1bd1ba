def compute_cost_tf2(logits, labels):
    logits = tf.convert_to_tensor(logits)
    one_hot = tf.one_hot(labels, logits.shape[1], dtype=logits.dtype)
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(one_hot, logits))
