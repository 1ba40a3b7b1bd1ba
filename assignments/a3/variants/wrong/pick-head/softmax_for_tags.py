# mistake: softmax-for-tags
def pick_head(problem):
    losses, metrics = tf.keras.losses, tf.keras.metrics
    if problem == "kind":
        loss = losses.SparseCategoricalCrossentropy(from_logits=True)
        return tf.keras.layers.Dense(10), loss, metrics.SparseCategoricalAccuracy()
    if problem == "tags":
        loss = losses.CategoricalCrossentropy(from_logits=True)
        return tf.keras.layers.Dense(4), loss, metrics.BinaryAccuracy(threshold=0.0)
    loss = losses.BinaryCrossentropy(from_logits=True)
    return tf.keras.layers.Dense(1), loss, metrics.BinaryAccuracy(threshold=0.0)
