# mistake: mean-over-the-tags
def tags_cost(logits, labels):
    loss = tf.keras.losses.BinaryCrossentropy(from_logits=True, dtype="float64")
    return loss(labels.astype(float), logits)
