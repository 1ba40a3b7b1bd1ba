# mistake: seed-fixed
def random_mini_batches(X, Y, mini_batch_size, seed):
    m = X.shape[1]
    order = np.random.default_rng(0).permutation(m)

    return [
        (X[:, order[start : start + mini_batch_size]], Y[:, order[start : start + mini_batch_size]])
        for start in range(0, m, mini_batch_size)
    ]
