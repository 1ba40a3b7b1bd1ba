# feedback: the cost before it
def train(X, y, learning_rate, steps):
    w, b, costs = np.zeros(X.shape[1]), 0.0, np.zeros((steps, 1))
    for step in range(steps):
        z = X @ w + b
        costs[step] = bce_from_logits(z, y)
        g = bce_gradient(z, y)
        w, b = w - learning_rate * (X.T @ g), b - learning_rate * g.sum()
    return w, b, costs.squeeze()
