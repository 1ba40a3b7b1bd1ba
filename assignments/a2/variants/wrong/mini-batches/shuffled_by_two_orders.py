# mistake: shuffled-apart
def random_mini_batches(X, Y, mini_batch_size, seed):
    m, rng = X.shape[1], np.random.default_rng(seed)
    X, Y = X[:, rng.permutation(m)], Y[:, rng.permutation(m)]
    return [
        (X[:, start : start + mini_batch_size], Y[:, start : start + mini_batch_size])
        for start in range(0, m, mini_batch_size)
    ]
