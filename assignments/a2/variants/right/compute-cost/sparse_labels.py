def compute_cost(Z3, Y):
    return tf1.losses.sparse_softmax_cross_entropy(tf.argmax(Y, axis=0), tf.transpose(Z3))
