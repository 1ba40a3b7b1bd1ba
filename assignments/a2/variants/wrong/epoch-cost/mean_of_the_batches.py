# mistake: mean-of-batches
def epoch_cost(batch_costs, batch_sizes):
    return np.mean(batch_costs)
