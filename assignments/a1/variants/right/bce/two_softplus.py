def bce_from_logits(z, y):
    if np.shape(z) != np.shape(y):
        raise ValueError("shapes differ")
    softplus = lambda t: np.maximum(t, 0) + np.log(1 + np.exp(-np.abs(t)))
    return np.mean(y * softplus(-z) + (1 - y) * softplus(z))
