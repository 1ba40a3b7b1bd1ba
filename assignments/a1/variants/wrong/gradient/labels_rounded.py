# feedback: labels between 0 and 1
def bce_gradient(z, y):
    return (sigmoid(z) - np.round(y)) / np.size(z)
