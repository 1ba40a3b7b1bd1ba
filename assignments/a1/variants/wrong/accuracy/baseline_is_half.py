# mistake: baseline-is-half
def accuracy_and_baseline(z, y):
    return np.mean((z > 0) == y), 0.5
