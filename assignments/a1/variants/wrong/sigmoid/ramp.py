# feedback: wrong value
def sigmoid(z):
    return np.clip(0.25 * np.asarray(z) + 0.5, 0.0, 1.0)
