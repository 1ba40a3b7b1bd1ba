def train(X, y, learning_rate, steps):
    m, n = X.shape
    w, b, costs = np.zeros((n, 1)), 0.0, []
    y = y.reshape(m, 1)
    for _ in range(steps):
        z = X @ w + b
        costs.append(bce_from_logits(z, y))
        dz = (sigmoid(z) - y) / m
        w = w - learning_rate * X.T @ dz
        b = b - learning_rate * dz.sum()
    return w[:, 0], b, np.array(costs)
