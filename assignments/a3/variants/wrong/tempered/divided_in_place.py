# feedback: logits of whole numbers
def tempered(logits, temperature):
    logits /= temperature
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
