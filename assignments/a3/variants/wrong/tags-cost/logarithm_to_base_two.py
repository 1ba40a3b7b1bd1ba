# mistake: logarithm-to-base-two
def tags_cost(logits, labels):
    losses = (np.logaddexp(0, logits) - logits * labels) / np.log(2)
    return losses.sum(axis=1).mean()
