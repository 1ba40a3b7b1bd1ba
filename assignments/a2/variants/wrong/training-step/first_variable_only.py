# mistake: first-variable-only
def training_step(cost_of, variables, learning_rate):
    with tf.GradientTape() as tape:
        cost = cost_of()
    slopes = tape.gradient(cost, variables)

    variables[0].assign_sub(learning_rate * slopes[0])
    return cost
