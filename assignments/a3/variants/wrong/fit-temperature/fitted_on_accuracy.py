# mistake: end-of-the-range
def fit_temperature(logits, labels):
    grid = np.arange(0.05, 20, 0.01)
    right = [np.mean((logits / t).argmax(axis=1) == labels) for t in grid]
    return grid[np.argmax(right)]
