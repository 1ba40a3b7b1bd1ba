# mistake: decision-compared
def bce_gradient(z, y):
    return (np.where(z > 0, 1.0, 0.0) - y) / z.size
