# mistake: slope-not-cancelled
def bce_gradient(z, y):
    a = sigmoid(z)
    return (a - y) * a * (1 - a) / z.size
