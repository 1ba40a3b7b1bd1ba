"""Calls that try more than what an answer returns. Runs inside the sandbox, beside the student's code."""

import numpy as np


def refuses(names, z, y):
    """Tell whether bce_from_logits refuses logits and labels whose shapes differ, with the error asked for.

    That counts only if it answers where the shapes agree; if it fails there too, its error is the outcome.
    """
    cost = names["bce_from_logits"](z, np.resize(y, np.shape(z)))
    if not np.isfinite(np.asarray(cost, float)).all():
        return False
    try:
        names["bce_from_logits"](z, y)
    except ValueError:
        return True
    return False
