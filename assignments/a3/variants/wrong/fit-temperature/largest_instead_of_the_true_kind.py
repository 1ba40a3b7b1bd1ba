# mistake: end-of-the-range
from scipy.optimize import minimize_scalar


def fit_temperature(logits, labels):
    def cost(t):
        return -np.log(tf.nn.softmax(logits / t).numpy().max(axis=1)).mean()

    return minimize_scalar(cost, bounds=(0.05, 20), method="bounded").x
