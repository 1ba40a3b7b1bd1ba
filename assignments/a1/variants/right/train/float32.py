def train(X, y, learning_rate, steps):
    X, y = X.astype(np.float32), y.astype(np.float32)
    w, b, costs = np.zeros(X.shape[1], np.float32), np.float32(0), []
    for _ in range(steps):
        z = X.dot(w) + b
        costs.append(bce_from_logits(z, y))
        g = bce_gradient(z, y)
        w, b = w - learning_rate * g.dot(X), b - learning_rate * np.sum(g)
    return w, b, costs
