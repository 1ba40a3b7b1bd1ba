# mistake: last-batch-only
def epoch_cost(batch_costs, batch_sizes):
    for batch_cost in batch_costs:
        cost = batch_cost
    return cost
