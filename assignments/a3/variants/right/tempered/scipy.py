from scipy.special import softmax


def tempered(logits, temperature):
    return softmax(np.asarray(logits) / temperature, axis=-1)
