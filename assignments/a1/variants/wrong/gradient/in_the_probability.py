# mistake: in-the-probability
def bce_gradient(z, y):
    a = sigmoid(z)
    return (-y / a + (1 - y) / (1 - a)) / z.size
