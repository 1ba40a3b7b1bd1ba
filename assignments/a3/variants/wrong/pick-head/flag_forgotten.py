# mistake: flag-forgotten
def pick_head(problem):
    losses, metrics = tf.keras.losses, tf.keras.metrics
    if problem == "kind":
        return (
            tf.keras.layers.Dense(10),
            losses.SparseCategoricalCrossentropy(),
            metrics.SparseCategoricalAccuracy(),
        )
    units = 4 if problem == "tags" else 1
    return tf.keras.layers.Dense(units), losses.BinaryCrossentropy(), metrics.BinaryAccuracy(threshold=0.0)
