# mistake: squared-error
def bce_gradient(z, y):
    a = sigmoid(z)
    return 2 * (a - y) * a * (1 - a) / z.size
