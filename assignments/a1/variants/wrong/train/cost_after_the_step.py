# mistake: cost-after-the-step
def train(X, y, learning_rate, steps):
    w, b, costs = np.zeros(X.shape[1]), 0.0, []
    for _ in range(steps):
        g = bce_gradient(X @ w + b, y)
        w, b = w - learning_rate * X.T @ g, b - learning_rate * g.sum()
        costs.append(bce_from_logits(X @ w + b, y))
    return w, b, costs
