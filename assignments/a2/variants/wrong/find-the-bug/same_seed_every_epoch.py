# mistake: same-order-every-epoch
def train(step, X, Y, num_epochs, mini_batch_size, seed):
    costs = []
    for _ in range(num_epochs):
        batches = random_mini_batches(X, Y, mini_batch_size, seed)
        spent = [float(step(x, y)) for x, y in batches]
        costs.append(epoch_cost(spent, [x.shape[1] for x, _ in batches]))
    return costs
