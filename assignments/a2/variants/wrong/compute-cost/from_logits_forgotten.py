# mistake: logits-taken-for-probabilities
def compute_cost(Z3, Y):
    losses = tf.keras.losses.categorical_crossentropy(tf.transpose(Y), tf.transpose(Z3))
    return tf.reduce_mean(losses)
