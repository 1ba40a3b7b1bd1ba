def random_mini_batches(X, Y, mini_batch_size, seed):
    both = np.concatenate([X, Y]).T  # (m, features + classes)
    both = np.random.default_rng(seed).permutation(both)  # of rows, in a copy
    parts = np.split(both, range(mini_batch_size, len(both), mini_batch_size))
    return [(part.T[: len(X)], part.T[len(X) :]) for part in parts]
