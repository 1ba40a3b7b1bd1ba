# mistake: one-after-the-other
def train(X, y, learning_rate, steps):
    w, b, costs = np.zeros(X.shape[1]), 0.0, []
    for _ in range(steps):
        costs.append(bce_from_logits(X @ w + b, y))
        w = w - learning_rate * X.T @ bce_gradient(X @ w + b, y)
        b = b - learning_rate * bce_gradient(X @ w + b, y).sum()
    return w, b, costs
