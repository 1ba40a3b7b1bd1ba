# feedback: labels of whole numbers
def tags_cost(logits, labels):
    losses = np.zeros_like(labels)
    losses[:] = np.maximum(logits, 0) - logits * labels + np.log1p(np.exp(-np.abs(logits)))
    return losses.sum(axis=1).mean()
