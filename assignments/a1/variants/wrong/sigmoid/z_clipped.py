# mistake: held-off-the-ends
def sigmoid(z):
    z = np.clip(z, -15, 15)
    return 1 / (1 + np.exp(-z))
