# mistake: arguments-swapped
def bce_gradient(y, z):
    return (sigmoid(z) - y) / z.size
