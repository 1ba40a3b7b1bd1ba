# mistake: computed-outside-the-tape
def training_step(cost_of, variables, learning_rate):
    cost = cost_of()
    with tf.GradientTape() as tape:
        slopes = tape.gradient(cost, variables)
    for v, slope in zip(variables, slopes):
        v.assign_sub(learning_rate * slope)
    return cost
