def compute_cost(Z3, Y):
    loss = tf.keras.losses.CategoricalCrossentropy(from_logits=True)
    return loss(tf.transpose(Y), tf.transpose(Z3))
