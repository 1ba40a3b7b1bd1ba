# feedback: Batch 4 of 4 is empty
def random_mini_batches(X, Y, mini_batch_size, seed):
    m = X.shape[1]
    order = np.random.default_rng(seed).permutation(m)
    cuts = [order[k * mini_batch_size :][:mini_batch_size] for k in range(m // mini_batch_size + 1)]
    return [(X[:, cut], Y[:, cut]) for cut in cuts]
