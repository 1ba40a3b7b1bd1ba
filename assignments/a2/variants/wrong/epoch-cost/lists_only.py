# feedback: the last of 3 examples
def epoch_cost(batch_costs, batch_sizes):
    total = 0.0
    while batch_costs:
        cost, *batch_costs = batch_costs
        total += cost * batch_sizes[-1 - len(batch_costs)]
    return total / sum(batch_sizes)
