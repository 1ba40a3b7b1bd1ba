# mistake: shuffled-apart
def train(step, X, Y, num_epochs, mini_batch_size, seed):
    rng = np.random.default_rng(seed)
    m = X.shape[1]
    epoch_costs = []

    for _ in range(num_epochs):
        order = rng.permutation(m)
        shuffled_X = X[:, order]
        total = 0.0
        for start in range(0, m, mini_batch_size):
            batch = slice(start, start + mini_batch_size)
            total += float(step(shuffled_X[:, batch], Y[:, batch])) * len(order[batch])
        epoch_costs.append(total / m)
    return epoch_costs
