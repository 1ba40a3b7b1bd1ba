# mistake: logits-taken-for-probabilities
def compute_cost_tf2(logits, labels):
    return tf.keras.losses.SparseCategoricalCrossentropy()(labels, logits)
