# feedback: AssertionError
def bce_from_logits(z, y):
    assert z.shape == y.shape
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))
