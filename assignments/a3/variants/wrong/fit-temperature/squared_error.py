# mistake: squared-error
def fit_temperature(logits, labels):
    one_hot = np.eye(logits.shape[1])[labels]
    grid = np.geomspace(0.05, 20, 600)
    return grid[np.argmin([np.mean((tempered(logits, t) - one_hot) ** 2) for t in grid])]
