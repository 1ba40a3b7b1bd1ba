# mistake: only-the-yes-answers
def tags_cost(logits, labels):
    return (labels * np.logaddexp(0, -logits)).sum(axis=1).mean()
