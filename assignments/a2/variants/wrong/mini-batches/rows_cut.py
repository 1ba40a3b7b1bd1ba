# mistake: rows-for-columns
def random_mini_batches(X, Y, mini_batch_size, seed):
    m = X.shape[0]
    order = np.random.default_rng(seed).permutation(m)
    return [
        (X[order[start : start + mini_batch_size]], Y[order[start : start + mini_batch_size]])
        for start in range(0, m, mini_batch_size)
    ]
