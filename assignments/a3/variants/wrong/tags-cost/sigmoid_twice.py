# mistake: sigmoid-twice
def tags_cost(logits, labels):
    p = 1 / (1 + np.exp(-logits))
    return (np.logaddexp(0, p) - p * labels).sum(axis=1).mean()
