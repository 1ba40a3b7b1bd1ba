# mistake: costs-left-out
def train(X, y, learning_rate, steps):
    w, b, costs = np.zeros(X.shape[1]), 0.0, []
    for step in range(steps):
        z = X @ w + b
        if step % 50 == 0:
            costs.append(bce_from_logits(z, y))
        g = bce_gradient(z, y)
        w, b = w - learning_rate * (X.T @ g), b - learning_rate * g.sum()
    return w, b, costs
