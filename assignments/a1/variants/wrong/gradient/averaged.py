# mistake: averaged
def bce_gradient(z, y):
    return np.mean(sigmoid(z) - y)
