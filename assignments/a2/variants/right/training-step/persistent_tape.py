def training_step(cost_of, variables, learning_rate):
    with tf.GradientTape(persistent=True) as tape:
        cost = cost_of()
    slopes = [tape.gradient(cost, v) for v in variables]
    del tape
    for v, slope in zip(variables, slopes):
        v.assign_add(-learning_rate * slope)
    return cost
