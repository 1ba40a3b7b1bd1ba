# mistake: softmax-over-the-batch
def fit_temperature(logits, labels):
    z = logits - logits.max()

    def cost(t):
        log_p = z / t - np.log(np.exp(z / t).sum(axis=0))
        return -log_p[np.arange(len(z)), labels].mean()

    grid = np.geomspace(0.05, 20, 600)
    return grid[np.nanargmin([cost(t) for t in grid])]
