# mistake: overflow-error
import math


def sigmoid(z):
    return np.vectorize(lambda x: 1 / (1 + math.exp(-x)))(z)
