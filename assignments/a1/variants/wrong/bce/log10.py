# mistake: log10
def bce_from_logits(z, y):
    p = sigmoid(z)
    return -np.mean(y * np.log10(p) + (1 - y) * np.log10(1 - p))
