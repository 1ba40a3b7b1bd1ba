# mistake: squared-error
def pick_head(problem):
    losses, metrics = tf.keras.losses, tf.keras.metrics
    if problem == "kind":
        loss = losses.SparseCategoricalCrossentropy(from_logits=True)
        return tf.keras.layers.Dense(10), loss, metrics.SparseCategoricalAccuracy()
    units = 4 if problem == "tags" else 1
    return tf.keras.layers.Dense(units, "sigmoid"), losses.MeanSquaredError(), metrics.BinaryAccuracy()
