from scipy.optimize import minimize_scalar


def fit_temperature(logits, labels):
    z = tf.cast(logits, tf.float32)

    def cost(log_temperature):
        z_t = z / tf.cast(np.exp(log_temperature), tf.float32)
        return float(tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, z_t)))

    search = minimize_scalar(cost, bounds=np.log([0.05, 20]), method="bounded", options={"xatol": 1e-4})
    return [np.exp(search.x)][0]
