def bce_gradient(z, y):
    g = np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        g[i] = (sigmoid(z[i]) - y[i]) / z.size
    return g
