# mistake: range-too-narrow
def fit_temperature(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    rows = np.arange(len(z))
    grid = np.geomspace(0.1, 20, 600)
    costs = [np.mean(np.log(np.exp(z / t).sum(axis=1)) - z[rows, labels] / t) for t in grid]
    return grid[np.argmin(costs)]
