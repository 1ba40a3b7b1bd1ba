# feedback: an array without any numbers
def sigmoid(z):
    return np.vectorize(lambda t: float(np.exp(min(t, 0)) / (1 + np.exp(-abs(t)))))(z)
