def random_mini_batches(X, Y, mini_batch_size, seed):
    rng = np.random.RandomState(seed)
    order = np.arange(X.shape[1])
    rng.shuffle(order)
    batches = []
    while len(order):
        now, order = order[:mini_batch_size], order[mini_batch_size:]
        batches.append([X[:, now], Y[:, now]])
    return batches
