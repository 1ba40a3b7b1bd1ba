# feedback: right shape, and a wrong value
def training_step(cost_of, variables, learning_rate):
    with tf.GradientTape() as tape:
        cost = cost_of()
    slopes = tape.gradient(cost, variables)

    for v, slope in zip(variables, slopes):
        v.assign_sub(learning_rate * slope / 2)
    return cost
