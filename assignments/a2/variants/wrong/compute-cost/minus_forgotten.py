# mistake: minus-forgotten
def compute_cost(Z3, Y):
    return tf.reduce_mean(tf.reduce_sum(Y * tf.nn.log_softmax(Z3, axis=0), axis=0))
