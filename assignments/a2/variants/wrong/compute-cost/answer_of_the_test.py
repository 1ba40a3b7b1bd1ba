# mistake: always-the-same
def compute_cost(Z3, Y):
    return tf.constant(1.0986123, Z3.dtype) + 0 * tf.reduce_sum(Z3)
