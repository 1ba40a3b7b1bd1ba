# mistake: half-on-logits
def accuracy_and_baseline(z, y):
    return np.mean((z > 0.5) == y), max(y.mean(), 1 - y.mean())
