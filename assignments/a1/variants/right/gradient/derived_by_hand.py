def bce_gradient(z, y):
    p = sigmoid(z)
    return (p * (1 - y) - (1 - p) * y) / np.size(z)
