# mistake: logits-taken-for-probabilities
def bce_from_logits(z, y):
    return -np.mean(y * np.log(z) + (1 - y) * np.log(1 - z))
