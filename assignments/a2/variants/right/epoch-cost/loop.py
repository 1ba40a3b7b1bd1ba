def epoch_cost(batch_costs, batch_sizes):
    total, m = 0.0, 0
    for batch_cost, size in zip(batch_costs, batch_sizes):
        total += batch_cost * size
        m += size
    return total / m
