# feedback: has the shape
def epoch_cost(batch_costs, batch_sizes):
    return np.multiply(batch_costs, batch_sizes) / np.sum(batch_sizes)
