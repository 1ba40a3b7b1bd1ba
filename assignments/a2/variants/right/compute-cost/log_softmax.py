def compute_cost(Z3, Y):
    log_p = tf.nn.log_softmax(Z3, axis=0)
    return -tf.reduce_mean(tf.reduce_sum(tf.where(Y > 0, Y * log_p, tf.zeros_like(log_p)), axis=0))
