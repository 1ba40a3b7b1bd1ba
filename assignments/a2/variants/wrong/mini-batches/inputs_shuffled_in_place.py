# mistake: inputs-shuffled
def random_mini_batches(X, Y, mini_batch_size, seed):
    m = X.shape[1]
    for array in (X, Y):
        np.random.seed(seed)
        np.random.shuffle(array.T)  # a view: the caller's array is shuffled with it
    return [
        (X[:, start : start + mini_batch_size].copy(), Y[:, start : start + mini_batch_size].copy())
        for start in range(0, m, mini_batch_size)
    ]
