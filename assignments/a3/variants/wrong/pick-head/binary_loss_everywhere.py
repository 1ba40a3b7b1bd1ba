# mistake: one-hot-loss-for-integers
def pick_head(problem):
    units = {"kind": 10, "tags": 4, "shoe": 1}[problem]
    loss = tf.keras.losses.BinaryCrossentropy(from_logits=True)
    return tf.keras.layers.Dense(units), loss, tf.keras.metrics.BinaryAccuracy(threshold=0.0)
