# mistake: sum-over-everything
def tags_cost(logits, labels):
    return np.sum(np.logaddexp(0, logits) - logits * labels)
