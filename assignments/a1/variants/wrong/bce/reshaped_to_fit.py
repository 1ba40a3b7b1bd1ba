# mistake: broadcast
def bce_from_logits(z, y):
    z, y = np.ravel(z), np.ravel(y)
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))
