# feedback: labels that are all the same
def accuracy_and_baseline(z, y):
    _, counts = np.unique(y, return_counts=True)
    return np.mean((z > 0) == y), max(counts[0], counts[1]) / len(y)
