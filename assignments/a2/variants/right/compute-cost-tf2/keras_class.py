def compute_cost_tf2(logits, labels):
    return tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, logits)
