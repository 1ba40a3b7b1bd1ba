# mistake: log2
def bce_from_logits(z, y):
    p = sigmoid(z)
    return -np.mean(y * np.log2(p) + (1 - y) * np.log2(1 - p))
