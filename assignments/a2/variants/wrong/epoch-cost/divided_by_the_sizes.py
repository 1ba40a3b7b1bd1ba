# mistake: weights-upside-down
def epoch_cost(batch_costs, batch_sizes):
    weights = 1 / np.array(batch_sizes)
    return np.sum(batch_costs * weights) / np.sum(weights)
