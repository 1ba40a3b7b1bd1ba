# mistake: one-number-an-example
def compute_cost_tf2(logits, labels):
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="none")
    return loss(labels, logits)
