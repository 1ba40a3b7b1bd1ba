# mistake: overflow
def tags_cost(logits, labels):
    return (np.log(1 + np.exp(logits)) - logits * labels).sum(axis=1).mean()
