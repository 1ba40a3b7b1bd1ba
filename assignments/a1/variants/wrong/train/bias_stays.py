# mistake: bias-stays
def train(X, y, learning_rate, steps):
    w, b, costs = np.zeros(X.shape[1]), 0.0, []
    for _ in range(steps):
        z = X @ w + b
        costs.append(bce_from_logits(z, y))
        w = w - learning_rate * X.T @ bce_gradient(z, y)
    return w, b, costs
