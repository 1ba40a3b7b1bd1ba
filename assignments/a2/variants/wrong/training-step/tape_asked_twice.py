# mistake: tape-asked-twice
def training_step(cost_of, variables, learning_rate):
    with tf.GradientTape() as tape:
        cost = cost_of()
    for v in variables:
        v.assign_sub(learning_rate * tape.gradient(cost, v))
    return cost
