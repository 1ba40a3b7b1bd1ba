# mistake: softmax-and-binary-loss
def pick_head(problem):
    losses, metrics = tf.keras.losses, tf.keras.metrics
    if problem == "kind":
        return (
            tf.keras.layers.Dense(10, "softmax"),
            losses.SparseCategoricalCrossentropy(),
            metrics.SparseCategoricalAccuracy(),
        )
    if problem == "tags":
        return tf.keras.layers.Dense(4, "softmax"), losses.BinaryCrossentropy(), metrics.BinaryAccuracy()
    return tf.keras.layers.Dense(1, "sigmoid"), losses.BinaryCrossentropy(), metrics.BinaryAccuracy()
