# mistake: cut-before-shuffling
def random_mini_batches(X, Y, mini_batch_size, seed):
    m = X.shape[1]
    batches = [
        (X[:, start : start + mini_batch_size], Y[:, start : start + mini_batch_size])
        for start in range(0, m, mini_batch_size)
    ]
    short = batches.pop() if m % mini_batch_size else None
    shuffled = [batches[k] for k in np.random.default_rng(seed).permutation(len(batches))]
    return shuffled + ([short] if short else [])
