def predict_tags(logits, thresholds):
    rows = []
    for row in logits:
        p = [1 / (1 + np.exp(-z)) for z in row]
        rows.append([1 if value >= threshold else 0 for value, threshold in zip(p, thresholds)])
    return rows
