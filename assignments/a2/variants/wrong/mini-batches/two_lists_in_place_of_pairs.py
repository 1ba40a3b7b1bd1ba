# feedback: pair|column
def random_mini_batches(X, Y, mini_batch_size, seed):
    m = X.shape[1]
    order = np.random.default_rng(seed).permutation(m)
    cuts = [order[start : start + mini_batch_size] for start in range(0, m, mini_batch_size)]
    return [X[:, cut] for cut in cuts], [Y[:, cut] for cut in cuts]
