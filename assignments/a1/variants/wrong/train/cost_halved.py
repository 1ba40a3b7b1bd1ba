# feedback: the cost before it. Value 3 of 3 has the right shape, and a wrong value
def train(X, y, learning_rate, steps):
    w, b, costs = np.zeros(X.shape[1]), 0.0, []
    for _ in range(steps):
        z = X @ w + b
        costs.append(bce_from_logits(z, y) / 2)
        g = bce_gradient(z, y)
        w, b = w - learning_rate * (X.T @ g), b - learning_rate * g.sum()
    return w, b, costs
