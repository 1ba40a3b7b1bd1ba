# mistake: value-wanted-while-tracing
def compute_cost_tf2(logits, labels):
    return float(tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)))
