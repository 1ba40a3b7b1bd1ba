# mistake: name-of-2017
def training_step(cost_of, variables, learning_rate):
    optimizer = tf.train.GradientDescentOptimizer(learning_rate)
    optimizer.minimize(cost_of, var_list=variables)
    return cost_of()
