# feedback: returned 2 value\(s\), where 3 were expected
def train(X, y, learning_rate, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        g = bce_gradient(X @ w + b, y)
        w, b = w - learning_rate * X.T @ g, b - learning_rate * g.sum()
    return w, b
