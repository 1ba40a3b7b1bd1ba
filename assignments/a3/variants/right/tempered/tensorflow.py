def tempered(logits, temperature):
    return tf.nn.softmax(tf.cast(logits, tf.float64) / temperature).numpy()
