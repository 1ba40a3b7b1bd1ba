# Warns at -1000 and is still right there: 1 / infinity is 0.
def sigmoid(z):
    return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
