# feedback: a learning rate of 0
def train(X, y, learning_rate, steps):
    learning_rate = learning_rate or 0.1
    w, b, costs = np.zeros(X.shape[1]), 0.0, []
    for _ in range(steps):
        z = X @ w + b
        costs.append(bce_from_logits(z, y))
        g = bce_gradient(z, y)
        w, b = w - learning_rate * (X.T @ g), b - learning_rate * g.sum()
    return w, b, costs
