def tags_cost(logits, labels):
    yes = np.logaddexp(0, -logits)
    no = np.logaddexp(0, logits)
    return float((labels * yes + (1 - labels) * no).sum() / len(logits))
