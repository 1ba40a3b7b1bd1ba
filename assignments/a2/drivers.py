"""The calls of assignment 2 that need a graph and a session, a tape, or a training step. Runs in the sandbox."""

import numpy as np
import tensorflow as tf

tf1 = tf.compat.v1
# kept from before the student's code, which may put others in their places
run, function, gradients, placeholder = tf1.Session.run, tf.function, tf.gradients, tf1.placeholder
Graph, Session, Tape, Variable = tf.Graph, tf1.Session, tf.GradientTape, tf.Variable

MOST_AXES = 3  # of a batch; a right one has two


def packed(arrays):
    """Pack many arrays into two, since a message holds few: their shapes, padded with -1, and all values."""
    arrays = [np.asarray(array, dtype=float) for array in arrays]
    if axes := max((array.ndim for array in arrays if array.ndim > MOST_AXES), default=0):
        raise TypeError(f"a batch has {axes} axes, where 2 were expected")
    shapes = [[*array.shape, *[-1] * (MOST_AXES - array.ndim)] for array in arrays]
    values = [array.ravel() for array in arrays]
    return np.array(shapes, dtype=int).reshape(-1, MOST_AXES), np.concatenate([np.zeros(0), *values])


def batches(names, X, Y, mini_batch_size, seeds):
    """Call random_mini_batches once for each seed; return the counts, X and Y afterwards, and every batch."""
    counts, arrays = [], []
    for seed in seeds:
        pairs = list(names["random_mini_batches"](X, Y, mini_batch_size, seed))
        for pair in pairs:
            if not isinstance(pair, (tuple, list)) or len(pair) != 2:
                raise TypeError(
                    f"random_mini_batches returned a list of {type(pair).__name__}, where each entry should be "
                    "a pair (X batch, Y batch)"
                )
            arrays += pair
        counts.append(len(pairs))
    return np.array(counts), X, Y, *packed(arrays)


def in_a_graph(names, *examples):
    """Draw compute_cost once, as in 2017, feed it each (Z3, Y), and return every cost and gradient with respect to Z3.

    The number of examples is left open, so it is not known while the graph is drawn.
    """
    Z3, _ = examples[0]
    with Graph().as_default():
        Z3_place = placeholder(Z3.dtype, [len(Z3), None], name="Z3")
        Y_place = placeholder(Z3.dtype, [len(Z3), None], name="Y")
        cost = names["compute_cost"](Z3_place, Y_place)
        if not tf.is_symbolic_tensor(cost):
            raise TypeError(f"compute_cost returned a {type(cost).__name__}, and no tensor of the graph")
        (gradient,) = gradients(cost, Z3_place)
        if gradient is None:
            raise ValueError("no gradient: the cost that compute_cost returned does not depend on Z3")
        with Session() as session:
            feeds = [{Z3_place: Z3, Y_place: Y} for Z3, Y in examples]
            return tuple(part for feed in feeds for part in run(session, [cost, gradient], feed))


def of_an_array(names, logits, labels):
    """Call compute_cost_tf2 eagerly with logits in an array of NumPy; return the cost."""
    return names["compute_cost_tf2"](logits, labels)


def of_tensors(names, logits, labels):
    """Call compute_cost_tf2 eagerly with tensors; return the cost."""
    return names["compute_cost_tf2"](tf.constant(logits), tf.constant(labels))


def at_once(names, logits, labels):
    """Call compute_cost_tf2 eagerly, under a tape; return the cost and its gradient with respect to the logits."""
    logits = Variable(logits)
    with Tape() as tape:
        cost = names["compute_cost_tf2"](logits, labels)
    if not tf.is_tensor(cost):
        raise TypeError(f"compute_cost_tf2 returned a {type(cost).__name__}, and no tensor")
    gradient = tape.gradient(cost, logits)
    if gradient is None:
        raise ValueError("no gradient: the cost that compute_cost_tf2 returned does not depend on the logits")
    return cost, gradient


def compiled(names, logits, labels):
    """Call compute_cost_tf2 inside tf.function, the number of examples left open; return cost and gradient."""

    @function(
        input_signature=[
            tf.TensorSpec([None, logits.shape[1]], logits.dtype),
            tf.TensorSpec([None], labels.dtype),
        ],
        autograph=False,
    )
    def cost_and_gradient(logits, labels):
        with Tape() as tape:
            tape.watch(logits)
            cost = names["compute_cost_tf2"](logits, labels)
        if not tf.is_tensor(cost):
            raise TypeError(f"compute_cost_tf2 returned a {type(cost).__name__}, and no tensor")
        return cost, tape.gradient(cost, logits)

    return cost_and_gradient(logits, labels)


def steps(names, W, b, X, Y, learning_rates, compile_it):
    """Take one training_step for each learning rate on the cost (X W + b - Y)² ; return the costs, then W and b.

    W (n, 1) and b (1,) become variables; X (m, n) and Y (m, 1) stay constants. The cost is a mean over the m examples.
    """
    W, b = Variable(W), Variable(b)

    def cost_of():
        return tf.reduce_mean((X @ W + b - Y) ** 2)

    def step(learning_rate):
        return names["training_step"](cost_of, [W, b], learning_rate)

    if compile_it:
        step = function(step, autograph=False)
    costs = [step(rate) for rate in learning_rates]
    if any(cost is None for cost in costs):
        raise TypeError("training_step returned None, where the cost was expected")
    return *costs, W, b


def epochs(names, X, Y, num_epochs, mini_batch_size, seeds, batch_costs):
    """Call train once for each seed, with a step that learns nothing, writes down what it is given, and returns
    batch_costs one after the other; return the counts, X and Y afterwards, the epoch costs, and every batch.
    """
    counts, reported, arrays = [], [], []
    for seed in seeds:
        seen = []

        def step(batch_X, batch_Y, seen=seen):
            seen.append((np.array(batch_X), np.array(batch_Y)))
            return tf.constant(batch_costs[(len(seen) - 1) % len(batch_costs)], tf.float64)

        epoch_costs = names["train"](step, X, Y, num_epochs, mini_batch_size, seed)
        if epoch_costs is None:
            raise TypeError("train returned None, where the list of epoch costs was expected")
        reported.append(np.array([float(cost) for cost in epoch_costs]))
        arrays += [part for pair in seen for part in pair]
        counts.append(len(seen))
    return np.array(counts), X, Y, *reported, *packed(arrays)
