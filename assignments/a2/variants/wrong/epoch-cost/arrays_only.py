# feedback: several full batches and a shorter one
def epoch_cost(batch_costs, batch_sizes):
    return (batch_costs * batch_sizes).sum() / batch_sizes.sum()
