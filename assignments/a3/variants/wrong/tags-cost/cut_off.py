# mistake: cut-off
def tags_cost(logits, labels):
    p = np.clip(1 / (1 + np.exp(-logits)), 1e-7, 1 - 1e-7)
    return -(labels * np.log(p) + (1 - labels) * np.log(1 - p)).sum(axis=1).mean()
