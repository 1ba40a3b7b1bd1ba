# mistake: per-cent
def accuracy_and_baseline(z, y):
    return 100 * np.mean((z > 0) == y), 100 * max(y.mean(), 1 - y.mean())
