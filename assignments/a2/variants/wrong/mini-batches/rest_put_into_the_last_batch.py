# mistake: other-sizes
def random_mini_batches(X, Y, mini_batch_size, seed):
    m = X.shape[1]
    order = np.random.default_rng(seed).permutation(m)
    full = max(1, m // mini_batch_size)
    cuts = np.split(order, [k * mini_batch_size for k in range(1, full)])
    return [(X[:, cut], Y[:, cut]) for cut in cuts]
