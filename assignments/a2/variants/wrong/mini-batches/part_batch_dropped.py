# mistake: part-batch-dropped
def random_mini_batches(X, Y, mini_batch_size, seed):
    m = X.shape[1]
    order = np.random.default_rng(seed).permutation(m)
    batches = []
    for k in range(int(m / mini_batch_size)):
        cut = order[k * mini_batch_size : (k + 1) * mini_batch_size]
        batches.append((X[:, cut], Y[:, cut]))
    return batches
