# mistake: probabilities-returned
def predict_tags(logits, thresholds):
    return 1 / (1 + np.exp(-logits))
