# mistake: accuracy-by-name
def pick_head(problem):
    losses = tf.keras.losses
    if problem == "kind":
        return tf.keras.layers.Dense(10), losses.SparseCategoricalCrossentropy(from_logits=True), "accuracy"
    units = 4 if problem == "tags" else 1
    return tf.keras.layers.Dense(units), losses.BinaryCrossentropy(from_logits=True), "accuracy"
