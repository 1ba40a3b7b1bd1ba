# mistake: graph-of-2017
def compute_cost_tf2(logits, labels):
    place = tf1.placeholder(tf.float32, [None, None])
    cost = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=place))
    with tf1.Session() as session:
        return session.run(cost, feed_dict={place: logits})
