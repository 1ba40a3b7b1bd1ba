def epoch_cost(batch_costs, batch_sizes):
    m = sum(batch_sizes)
    return sum(batch_cost * (size / m) for batch_cost, size in zip(batch_costs, batch_sizes))
