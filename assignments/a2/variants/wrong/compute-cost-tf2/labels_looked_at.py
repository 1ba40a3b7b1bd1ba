# mistake: value-wanted-while-tracing
def compute_cost_tf2(logits, labels):
    assert int(tf.reduce_max(labels)) < logits.shape[1], "a label without a class"
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
