# feedback: one number. The result has the shape
def sigmoid(z):
    return 1 / (1 + np.exp(-np.atleast_1d(z)))
