# mistake: epoch-cost
def train(step, X, Y, num_epochs, mini_batch_size, seed):
    costs = []
    for epoch in range(num_epochs):
        batches = random_mini_batches(X, Y, mini_batch_size, seed + epoch)
        costs.append(np.mean([float(step(x, y)) for x, y in batches]))
    return costs
