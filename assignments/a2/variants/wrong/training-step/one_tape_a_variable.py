# mistake: one-after-the-other
def training_step(cost_of, variables, learning_rate):
    costs = []
    for v in variables:
        with tf.GradientTape() as tape:
            costs.append(cost_of())
        v.assign_sub(learning_rate * tape.gradient(costs[-1], v))
    return costs[0]
