# mistake: cut-before-shuffling
def random_mini_batches(X, Y, mini_batch_size, seed):
    m, rng = X.shape[1], np.random.default_rng(seed)
    batches = []
    for start in range(0, m, mini_batch_size):
        cut = start + rng.permutation(min(mini_batch_size, m - start))
        batches.append((X[:, cut], Y[:, cut]))
    return batches
