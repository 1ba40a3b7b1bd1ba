# mistake: drawn-with-replacement
def random_mini_batches(X, Y, mini_batch_size, seed):
    m = X.shape[1]
    order = np.random.default_rng(seed).permutation(m)
    batches = []
    for start in range(0, m, mini_batch_size):
        cut = np.take(order, range(start, start + mini_batch_size), mode="wrap")
        batches.append((X[:, cut], Y[:, cut]))
    return batches
