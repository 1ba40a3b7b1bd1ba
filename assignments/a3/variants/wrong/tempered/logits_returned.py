# mistake: logits-returned
def tempered(logits, temperature):
    return logits / temperature
