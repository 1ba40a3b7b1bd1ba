# mistake: tanh
def sigmoid(z):
    return (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)
