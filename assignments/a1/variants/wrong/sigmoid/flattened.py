# feedback: a matrix. The result has the shape
def sigmoid(z):
    z = np.ravel(z)
    return 1 / (1 + np.exp(-z)) if z.size > 1 else float(1 / (1 + np.exp(-z[0])))
