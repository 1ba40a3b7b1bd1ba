def tempered(logits, temperature):
    p = tf.nn.softmax(tf.cast(logits, tf.float64)).numpy()
    p = p ** (1 / temperature)
    return p / p.sum(axis=1, keepdims=True)
