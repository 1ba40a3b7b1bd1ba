# mistake: value-wanted-while-drawing
def compute_cost(Z3, Y):
    Z3 = Z3 - np.max(Z3, axis=0)
    log_p = Z3 - np.log(np.sum(np.exp(Z3), axis=0))
    return -np.mean(np.sum(Y * log_p, axis=0))
