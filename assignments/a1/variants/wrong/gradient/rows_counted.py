# mistake: rows-counted
def bce_gradient(z, y):
    return (sigmoid(z) - y) / z.shape[0]
