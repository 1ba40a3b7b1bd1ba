def compute_cost_tf2(logits, labels):
    log_p = tf.nn.log_softmax(logits)
    return -tf.reduce_mean(tf.gather(log_p, labels, axis=1, batch_dims=1))
