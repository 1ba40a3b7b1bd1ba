# mistake: divided-by-batches
def epoch_cost(batch_costs, batch_sizes):
    return np.sum(np.multiply(batch_costs, batch_sizes)) / len(batch_costs)
