def bce_from_logits(z, y):
    if np.shape(z) != np.shape(y):
        raise ValueError("shapes")
    z, y = np.float32(z), np.float32(y)
    return np.array(np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))))
