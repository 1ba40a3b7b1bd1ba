# mistake: whole-numbers-kept
def sigmoid(z):
    z = np.asarray(z)
    a = np.zeros_like(z)
    up = z >= 0
    a[up] = 1 / (1 + np.exp(-z[up]))
    a[~up] = np.exp(z[~up]) / (1 + np.exp(z[~up]))
    return a
