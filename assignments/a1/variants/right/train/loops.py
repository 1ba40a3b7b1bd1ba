def train(X, y, learning_rate, steps):
    m, n = X.shape
    w, b, costs = [0.0] * n, 0.0, []
    for _ in range(steps):
        z = np.array([sum(w[j] * X[i, j] for j in range(n)) + b for i in range(m)])
        costs.append(bce_from_logits(z, y))
        pull = sigmoid(z) - y
        w = [w[j] - learning_rate * np.mean(pull * X[:, j]) for j in range(n)]
        b -= learning_rate * np.mean(pull)
    return w, b, costs
