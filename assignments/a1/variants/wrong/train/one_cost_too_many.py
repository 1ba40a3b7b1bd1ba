# mistake: one-cost-too-many
def train(X, y, learning_rate, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    costs = [bce_from_logits(X @ w + b, y)]
    for _ in range(steps):
        g = bce_gradient(X @ w + b, y)
        w, b = w - learning_rate * X.T @ g, b - learning_rate * g.sum()
        costs.append(bce_from_logits(X @ w + b, y))
    return w, b, costs
