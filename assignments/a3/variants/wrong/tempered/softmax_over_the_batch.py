# mistake: softmax-over-the-batch
def tempered(logits, temperature):
    z = logits / temperature
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)
