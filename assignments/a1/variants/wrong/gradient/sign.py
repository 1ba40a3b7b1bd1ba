# mistake: sign
def bce_gradient(z, y):
    return (y - sigmoid(z)) / z.size
