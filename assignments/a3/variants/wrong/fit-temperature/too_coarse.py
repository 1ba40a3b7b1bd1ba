# mistake: too-coarse
def fit_temperature(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    grid = np.arange(0.1, 20, 0.1)
    rows = np.arange(len(z))
    costs = [np.mean(np.log(np.exp(z / t).sum(axis=1)) - z[rows, labels] / t) for t in grid]
    return grid[np.argmin(costs)]
