# mistake: mean-over-classes-too
def compute_cost(Z3, Y):
    return -tf.reduce_mean(Y * tf.nn.log_softmax(Z3, axis=0))
