def training_step(cost_of, variables, learning_rate):
    with tf.GradientTape() as tape:
        cost = cost_of()
    slopes = tape.gradient(cost, variables)
    tf1.train.GradientDescentOptimizer(learning_rate).apply_gradients(zip(slopes, variables))
    return cost
