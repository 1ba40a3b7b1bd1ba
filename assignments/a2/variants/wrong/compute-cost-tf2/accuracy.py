# mistake: cut-off-from-logits
def compute_cost_tf2(logits, labels):
    hits = tf.cast(tf.argmax(logits, axis=1) == tf.cast(labels, tf.int64), logits.dtype)
    return 1 - tf.reduce_mean(hits)
