def epoch_cost(batch_costs, batch_sizes):
    return np.repeat(batch_costs, batch_sizes).mean()
