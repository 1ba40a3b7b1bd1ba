# mistake: mean-forgotten
def bce_gradient(z, y):
    return sigmoid(z) - y
