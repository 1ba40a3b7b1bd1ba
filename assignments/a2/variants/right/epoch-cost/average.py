def epoch_cost(batch_costs, batch_sizes):
    return np.average(batch_costs, weights=batch_sizes)
