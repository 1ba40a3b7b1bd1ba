# mistake: no-numbers
def train_classifier(pictures, labels):
    x = pictures.reshape(-1, 784).astype(np.float32)
    W = np.zeros((784, 10), np.float32)
    for start in range(0, 2560, 256):
        z = x[start : start + 256] @ W
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        W -= 0.1 * x[start : start + 256].T @ (p - np.eye(10)[labels[start : start + 256]]).astype(np.float32)
    return lambda new: new.reshape(-1, 784).astype(np.float32) @ W
