# mistake: minus-forgotten
def bce_from_logits(z, y):
    assert_shapes = z.shape == y.shape
    if not assert_shapes:
        raise ValueError("shapes")
    return np.mean(y * -np.logaddexp(0, -z) + (1 - y) * -np.logaddexp(0, z))
