sigmoid = lambda z: np.exp(-np.logaddexp(0.0, -np.asarray(z)))
