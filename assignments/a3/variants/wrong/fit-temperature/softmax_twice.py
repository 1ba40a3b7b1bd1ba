# mistake: softmax-twice
def fit_temperature(logits, labels):
    p = tf.nn.softmax(logits).numpy()
    grid = np.geomspace(0.05, 20, 600)
    rows = np.arange(len(p))
    costs = [np.mean(np.log(np.exp(p / t).sum(axis=1)) - p[rows, labels] / t) for t in grid]
    return grid[np.argmin(costs)]
