# mistake: drawn-with-replacement
def random_mini_batches(X, Y, mini_batch_size, seed):
    m, rng = X.shape[1], np.random.default_rng(seed)
    batches = []
    for start in range(0, m, mini_batch_size):
        cut = rng.choice(m, size=min(mini_batch_size, m - start), replace=False)
        batches.append((X[:, cut], Y[:, cut]))
    return batches
