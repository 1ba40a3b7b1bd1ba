# mistake: divided-by-full-batches
def epoch_cost(batch_costs, batch_sizes):
    m, size = sum(batch_sizes), max(batch_sizes)
    total = 0.0
    for batch_cost in batch_costs:
        total += batch_cost / int(m / size)
    return total
