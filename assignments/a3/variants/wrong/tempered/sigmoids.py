# mistake: sigmoids
def tempered(logits, temperature):
    return 1 / (1 + np.exp(-logits / temperature))
