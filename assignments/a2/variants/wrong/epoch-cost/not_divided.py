# mistake: not-divided
def epoch_cost(batch_costs, batch_sizes):
    return np.dot(batch_costs, batch_sizes)
