# mistake: overflow
def fit_temperature(logits, labels):
    rows = np.arange(len(labels))

    def cost(t):
        e = np.exp(logits / t)
        return -np.mean(np.log(e[rows, labels] / e.sum(axis=1)))

    grid = np.geomspace(0.05, 20, 600)
    return grid[np.nanargmin([cost(t) for t in grid])]
