# mistake: rows-for-columns
def random_mini_batches(X, Y, mini_batch_size, seed):
    order = np.random.default_rng(seed).permutation(X.shape[1])
    cuts = [order[k : k + mini_batch_size] for k in range(0, X.shape[1], mini_batch_size)]
    return [(np.squeeze(X[:, cut]), np.squeeze(Y[:, cut])) for cut in cuts]
