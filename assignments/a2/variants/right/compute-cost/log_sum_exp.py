def compute_cost(Z3, Y):
    true_logits = tf.reduce_sum(Y * Z3, axis=0)
    return tf.reduce_mean(tf.reduce_logsumexp(Z3, axis=0) - true_logits)
