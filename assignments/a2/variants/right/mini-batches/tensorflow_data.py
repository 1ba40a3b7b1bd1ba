def random_mini_batches(X, Y, mini_batch_size, seed):
    m = X.shape[1]
    order = tf.argsort(tf.random.stateless_uniform([m], seed=(seed, 1))).numpy()
    data = tf.data.Dataset.from_tensor_slices((X.T[order], Y.T[order])).batch(mini_batch_size)
    return [(tf.transpose(x), tf.transpose(y)) for x, y in data]
