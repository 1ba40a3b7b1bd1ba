# mistake: no-mean
def tags_cost(logits, labels):
    return (np.logaddexp(0, logits) - logits * labels).sum(axis=1)
