# mistake: counts
def accuracy_and_baseline(z, y):
    return np.sum((z > 0) == y), max(np.sum(y), len(y) - np.sum(y))
