# mistake: not-from-logits
def compute_cost(Z3, Y):
    return tf.reduce_mean(tf.math.log(tf.reduce_sum(tf.exp(Z3), axis=0)) - tf.reduce_sum(Y * Z3, axis=0))
