# mistake: probability-is-no-answer
def accuracy_and_baseline(z, y):
    return np.mean(sigmoid(z) == y), max(y.mean(), 1 - y.mean())
