def predict_tags(logits, thresholds):
    return tf.cast(tf.math.sigmoid(logits) >= thresholds, tf.float32)
