# mistake: weights-by-a-full-epoch
def epoch_cost(batch_costs, batch_sizes):
    m = len(batch_sizes) * batch_sizes[0]
    return np.sum(np.multiply(batch_costs, batch_sizes)) / m
