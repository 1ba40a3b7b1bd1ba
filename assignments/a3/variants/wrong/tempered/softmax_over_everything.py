# mistake: softmax-over-everything
def tempered(logits, temperature):
    z = logits / temperature
    e = np.exp(z - z.max())
    return e / e.sum()
