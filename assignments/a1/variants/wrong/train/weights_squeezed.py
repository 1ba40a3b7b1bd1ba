# feedback: a single feature
def train(X, y, learning_rate, steps):
    w, b, costs = np.zeros((X.shape[1], 1)), 0.0, []
    for _ in range(steps):
        z = (X @ w)[:, 0] + b
        costs.append(bce_from_logits(z, y))
        g = bce_gradient(z, y)
        w, b = w - learning_rate * (X.T @ g)[:, None], b - learning_rate * g.sum()
    return w.squeeze(), b, costs
