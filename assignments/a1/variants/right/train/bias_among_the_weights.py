def train(X, y, learning_rate, steps):
    X1 = np.hstack([X, np.ones((len(X), 1))])
    theta = np.zeros(X1.shape[1])
    costs = np.empty(steps)
    for i in range(steps):
        costs[i] = bce_from_logits(X1 @ theta, y)
        theta -= learning_rate * (bce_gradient(X1 @ theta, y) @ X1)
    return theta[:-1], theta[-1], costs
