# mistake: overflow
def bce_gradient(z, y):
    return (np.exp(z) / (1 + np.exp(z)) - y) / z.size
