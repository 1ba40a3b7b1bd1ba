from sklearn.metrics import accuracy_score


def accuracy_and_baseline(z, y):
    most = np.bincount(y.astype(int)).argmax()
    return accuracy_score(y, np.where(z > 0, 1, 0)), accuracy_score(y, np.full(y.shape, most))
