# feedback: wrong value
def bce_gradient(z, y):
    g = np.zeros_like(z)
    for i in np.ndindex(z.shape):
        step = np.zeros_like(z)
        step[i] = 0.01
        g[i] = (bce_from_logits(z + step, y) - bce_from_logits(z, y)) / 0.01
    return g
