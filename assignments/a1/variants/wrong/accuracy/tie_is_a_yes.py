# mistake: tie-is-a-yes
def accuracy_and_baseline(z, y):
    return np.mean((sigmoid(z) >= 0.5) == y), max(y.mean(), 1 - y.mean())
