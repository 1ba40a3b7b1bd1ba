# mistake: mean-taken-twice
def bce_gradient(z, y):
    m = z.size
    return 1 / m * (sigmoid(z) - y) / m
