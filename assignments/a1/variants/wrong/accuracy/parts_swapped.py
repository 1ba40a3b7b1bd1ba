# mistake: parts-swapped
def accuracy_and_baseline(z, y):
    return max(y.mean(), 1 - y.mean()), np.mean((z > 0) == y)
