# mistake: short-batch-dropped
def epoch_cost(batch_costs, batch_sizes):
    full = max(batch_sizes)
    costs = [batch_cost for batch_cost, size in zip(batch_costs, batch_sizes) if size == full]
    return np.mean(costs)
