# mistake: logarithms-returned
def tempered(logits, temperature):
    return tf.nn.log_softmax(tf.cast(logits, tf.float64) / temperature)
