# mistake: two-units-for-yes-or-no
def pick_head(problem):
    losses, metrics = tf.keras.losses, tf.keras.metrics
    if problem == "tags":
        return (
            tf.keras.layers.Dense(4),
            losses.BinaryCrossentropy(from_logits=True),
            metrics.BinaryAccuracy(threshold=0.0),
        )
    units = 10 if problem == "kind" else 2
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    return tf.keras.layers.Dense(units), loss, metrics.SparseCategoricalAccuracy()
