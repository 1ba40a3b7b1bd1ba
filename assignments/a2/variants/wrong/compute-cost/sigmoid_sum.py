# mistake: sigmoid-cross-entropy
def compute_cost(Z3, Y):
    losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=Z3)
    return tf.reduce_mean(tf.reduce_sum(losses, axis=0))
