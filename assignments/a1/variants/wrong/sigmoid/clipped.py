# mistake: held-off-the-ends
def sigmoid(z):
    return np.clip(1 / (1 + np.exp(-z)), 1e-7, 1 - 1e-7)
