def compute_cost_tf2(logits, labels):
    one_hot = tf.one_hot(labels, tf.shape(logits)[1], axis=0, dtype=logits.dtype)  # (C, m)
    return compute_cost(tf.transpose(logits), one_hot)
