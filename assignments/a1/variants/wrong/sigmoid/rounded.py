# mistake: threshold
def sigmoid(z):
    return np.round(1 / (1 + np.exp(-z)))
