def tags_cost(logits, labels):
    total = 0.0
    for k in range(logits.shape[1]):
        z, y = logits[:, k], labels[:, k]
        total += np.mean(np.logaddexp(0, z) - y * z)
    return np.array(total, dtype=np.float32)
