# mistake: sigmoid-cross-entropy
def compute_cost(Z3, Y):
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=Y, logits=Z3))
