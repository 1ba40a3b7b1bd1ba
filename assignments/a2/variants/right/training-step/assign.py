def training_step(cost_of, variables, learning_rate):
    with tf.GradientTape() as tape:
        cost = cost_of()
    for v, slope in zip(variables, tape.gradient(cost, variables)):
        v.assign(v - learning_rate * slope)
    return cost
