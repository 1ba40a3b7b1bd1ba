# feedback: logits of whole numbers
def tags_cost(logits, labels):
    losses = np.empty_like(logits)
    losses[:] = np.maximum(logits, 0) - logits * labels + np.log1p(np.exp(-np.abs(logits)))
    return losses.sum(axis=1).mean()
