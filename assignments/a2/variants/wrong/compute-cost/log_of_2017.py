# mistake: name-of-2017
def compute_cost(Z3, Y):
    p = tf.nn.softmax(Z3, axis=0)
    return -tf.reduce_mean(tf.reduce_sum(Y * tf.log(p), axis=0))
