# mistake: error-rate
def accuracy_and_baseline(z, y):
    return np.mean((z > 0) != y), max(y.mean(), 1 - y.mean())
