# mistake: softmax-of-probabilities
def tempered(logits, temperature):
    return tf.nn.softmax(tf.nn.softmax(tf.cast(logits, tf.float64)) / temperature)
