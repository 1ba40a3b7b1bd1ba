# mistake: cost-returned
from scipy.optimize import minimize_scalar


def fit_temperature(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    rows = np.arange(len(z))

    def cost(t):
        return np.mean(np.log(np.exp(z / t).sum(axis=1)) - z[rows, labels] / t)

    return minimize_scalar(cost, bounds=(0.05, 20), method="bounded").fun
