"""Call an answer and make plain arrays of what it returns. Runs beside the student's code, so nothing here is believed.

The sandbox's worker and the tests that try right, wrong and mutated answers use the same functions. NumPy only.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np

MOST_VALUES = 2_000_000  # of one answer, all arrays together
MOST_TEXT = 400  # characters of an error that are kept
MOST_READ = 20_000  # characters of an error that are looked at
MOST_LINE = 250  # of those that are kept, of the line that says what is wrong
TERMINAL_CODE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)", re.DOTALL)
# what TensorFlow and Keras add below the line that says what is wrong: the arguments, and places in a graph
DUMP, IN_GRAPH = re.compile(r"(?:Call a|A)rguments received by "), re.compile(r"\s*(?:\[\[|\[Op:)")
NUMBERS = (bool, int, float, np.bool_, np.integer, np.floating)


class NotPlain(TypeError):  # noqa: N818 - it says what the value is not
    """An answer returned something that is not a number, an array, or a tuple or list of them."""


def as_array(value: Any) -> np.ndarray:
    """Return a number, list, array or tensor as an array of booleans, numbers or text; NotPlain if it is neither."""
    if hasattr(value, "numpy") and not isinstance(value, np.ndarray):
        value = value.numpy()  # an eager tensor or a variable
    try:
        array = np.asarray(value)
    except Exception as error:
        raise NotPlain(f"returned a {type(value).__name__} that NumPy cannot read ({error})") from error
    if array.size > MOST_VALUES:
        raise NotPlain(f"returned {array.size:,} values, far more than asked for")
    if array.dtype.kind == "O" and all(isinstance(part, NUMBERS) for part in array.flat):
        array = array.astype(float)  # numbers in an array that could hold anything, as np.frompyfunc makes it
    if array.dtype.kind not in "biufU":
        what = f"an array of the type {array.dtype}" if array.ndim else f"a {type(value).__name__}"
        raise NotPlain(f"returned {'None' if value is None else what}, where numbers were expected")
    return np.array(array, copy=True)


def plain(value: Any) -> list[np.ndarray]:
    """Return what an answer returned as a list of arrays: one for a number or array, several for a tuple."""
    if isinstance(value, tuple):
        return [as_array(part) for part in value]
    return [as_array(value)]


def said(error: BaseException) -> str:
    """Return an error as "TypeError: message", without terminal codes and cut short.

    Of several lines the last comes first, since it says what is wrong; an error that cannot be printed gives its type.
    """
    try:
        name, text = type(error).__name__, TERMINAL_CODE.sub("", str(error)[:MOST_READ])
    except Exception:
        return str(type.__dict__["__name__"].__get__(type(error)))
    lines = [line for line in DUMP.split(text)[0].split("\n") if line.strip() and not IN_GRAPH.match(line)]
    if len(lines) > 1:
        text = "\n".join([lines[-1].strip()[:MOST_LINE], *lines[:-1]])
    return f"{name}: {lines[0] if len(lines) == 1 else text}"[:MOST_TEXT]


def fresh(value: Any) -> Any:
    """Copy an argument, so that an answer which changes it in place spoils no later call."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, (list, tuple)):
        return type(value)(fresh(part) for part in value)
    if isinstance(value, dict):
        return {key: fresh(part) for key, part in value.items()}
    return value


def call(
    names: Mapping[str, Any],
    function: str,
    arguments: tuple,
    driver: str = "",
    drivers: ModuleType | None = None,
) -> tuple[list[np.ndarray] | None, str]:
    """Call one answer and return its arrays and "", or None and the error as "TypeError: message".

    `names` is what the notebook defined. Warnings are not errors: a naive sigmoid that warns may still be right.
    """
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            made = fresh(arguments)
            return plain(getattr(drivers, driver)(names, *made) if driver else names[function](*made)), ""
    except (Exception, SystemExit) as error:
        return None, said(error)
