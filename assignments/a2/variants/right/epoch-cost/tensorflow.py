def epoch_cost(batch_costs, batch_sizes):
    costs = tf.constant(batch_costs, tf.float64)
    sizes = tf.constant(batch_sizes, tf.float64)
    return tf.tensordot(costs, sizes, 1) / tf.reduce_sum(sizes)
