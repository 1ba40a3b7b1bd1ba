def accuracy_and_baseline(z, y):
    decision = sigmoid(z) > 0.5
    ones = np.count_nonzero(y == 1)
    return np.count_nonzero(decision == (y == 1)) / y.size, max(ones, y.size - ones) / y.size
