def sigmoid(z):
    z = np.asarray(z, dtype=float)
    a = np.empty_like(z)
    up = z >= 0
    a[up] = 1 / (1 + np.exp(-z[up]))
    e = np.exp(z[~up])
    a[~up] = e / (1 + e)
    return a
