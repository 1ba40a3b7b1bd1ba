def training_step(cost_of, variables, learning_rate):
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(variables)
        cost = cost_of()
    before = tf.identity(cost)
    slopes = tape.gradient(cost, variables)
    tf.nest.map_structure(lambda v, slope: v.assign_sub(slope * learning_rate), list(variables), slopes)
    return before
