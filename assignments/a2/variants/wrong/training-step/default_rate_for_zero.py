# mistake: learning-rate-fixed
def training_step(cost_of, variables, learning_rate):
    with tf.GradientTape() as tape:
        cost = cost_of()
    for variable, gradient in zip(variables, tape.gradient(cost, variables), strict=True):
        variable.assign_sub((learning_rate or 0.01) * gradient)
    return cost
