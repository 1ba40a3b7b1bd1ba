# mistake: one-number-an-example
def compute_cost_tf2(logits, labels):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
