# feedback: Two different seeds gave the same batches
def train(step, X, Y, num_epochs, mini_batch_size, seed):
    rng, m, epoch_costs = np.random.default_rng(0), X.shape[1], []
    for _ in range(num_epochs):
        order, total = rng.permutation(m), 0.0
        for start in range(0, m, mini_batch_size):
            cut = order[start : start + mini_batch_size]
            total += float(step(X[:, cut], Y[:, cut])) * len(cut)
        epoch_costs.append(total / m)
    return epoch_costs
