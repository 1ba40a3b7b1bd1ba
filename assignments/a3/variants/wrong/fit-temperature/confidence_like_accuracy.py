# mistake: confidence-like-accuracy
def fit_temperature(logits, labels):
    share = np.mean(logits.argmax(axis=1) == labels)
    grid = np.geomspace(0.05, 20, 600)
    apart = [abs(tempered(logits, t).max(axis=1).mean() - share) for t in grid]
    return grid[np.argmin(apart)]
