# feedback: has the shape
def bce_gradient(z, y):
    return (sigmoid(z) - y).ravel() / z.size
