def train(step, X, Y, num_epochs, mini_batch_size, seed):
    rng, m = np.random.RandomState(seed), X.shape[1]
    both = np.vstack([X, Y]).T.copy()
    costs = np.zeros(num_epochs)
    for epoch in range(num_epochs):
        rng.shuffle(both)
        for start in range(0, m, mini_batch_size):
            part = both[start : start + mini_batch_size].T.copy()
            cost = step(part[: len(X)], part[len(X) :])
            costs[epoch] += cost.numpy() * part.shape[1] / m
    return costs
