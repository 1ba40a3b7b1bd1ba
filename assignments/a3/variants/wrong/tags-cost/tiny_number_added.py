# mistake: cut-off
def tags_cost(logits, labels):
    p = 1 / (1 + np.exp(-logits))
    return -(labels * np.log(p + 1e-10) + (1 - labels) * np.log(1 - p + 1e-10)).sum(axis=1).mean()
