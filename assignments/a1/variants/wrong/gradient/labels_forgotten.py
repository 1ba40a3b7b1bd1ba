# feedback: wrong value
def bce_gradient(z, y):
    return sigmoid(z) / z.size
