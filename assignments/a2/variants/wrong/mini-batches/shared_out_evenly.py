# mistake: other-sizes
def random_mini_batches(X, Y, mini_batch_size, seed):
    m = X.shape[1]
    order = np.random.default_rng(seed).permutation(m)
    cuts = np.array_split(order, -(-m // mini_batch_size))
    return [(X[:, cut], Y[:, cut]) for cut in cuts]
