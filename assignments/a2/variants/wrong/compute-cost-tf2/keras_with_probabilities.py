# mistake: clipped
def compute_cost_tf2(logits, labels):
    p = tf.nn.softmax(logits)
    return tf.keras.losses.SparseCategoricalCrossentropy()(labels, p)
