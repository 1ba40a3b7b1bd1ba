# mistake: threshold
def sigmoid(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)
