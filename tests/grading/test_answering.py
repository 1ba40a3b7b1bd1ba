"""What becomes of a value that an answer returned, and of an error that it raised, on the way out of the sandbox."""

import numpy as np
import pytest

from grading.sandbox.inside.answering import NotPlain, as_array, call, said


def objects(*values):
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def test_numbers_in_an_array_of_objects_are_numbers():
    made = np.frompyfunc(lambda t: float(t) / 2, 1, 1)
    assert as_array(made(np.array([1, 3]))).tolist() == [0.5, 1.5]
    assert as_array(made(np.zeros(0))).shape == (0,)
    assert as_array(10**30) == 1e30


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (objects(1.0, "2.0"), "returned an array of the type object, where numbers were expected"),
        (np.array([1j]), "returned an array of the type complex128, where numbers were expected"),
        (np.array([b"x"]), "an array of the type |S1"),
        ({"a": 1}, "returned a dict, where numbers were expected"),
        (None, "returned None, where numbers were expected"),
    ],
)
def test_what_is_no_number_is_told_by_its_type(value, says):
    with pytest.raises(NotPlain) as error:
        as_array(value)
    assert says in str(error.value)


KERAS = """Exception encountered when calling Sequential.call().

\x1b[1mInput 0 of layer "dense" is incompatible with the layer\x1b[0m

Arguments received by Sequential.call():
  • inputs=tf.Tensor(shape=(2, 28, 28), dtype=float32)
  • mask=None"""


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (KERAS, 'ValueError: Input 0 of layer "dense" is incompatible with the layer'),
        ('in user code:\n\n    File "<cell 3>", line 4\n\n    TypeError: no\n', "ValueError: TypeError: no"),
        (
            "Graph execution error:\n\nat node x\nlabel 10 is outside\n\t [[{{node x}}]] [Op:f]",
            "ValueError: label 10 is",
        ),
        ("a \x1b]0;title\x07b \x1b[31mc\x1b[0m", "ValueError: a b c"),
        ("one line", "ValueError: one line"),
        ("", "ValueError: "),
        ("x" * 100_000, "ValueError: xxx"),
    ],
)
def test_the_line_that_says_what_is_wrong_comes_first_and_without_terminal_codes(text, first):
    got = said(ValueError(text))
    assert got.startswith(first)
    assert "\x1b" not in got
    assert "Arguments received" not in got
    assert len(got) <= 400


def test_an_answer_that_raises_gives_its_error():
    assert call({"f": lambda: 1 / 0}, "f", ()) == (None, "ZeroDivisionError: division by zero")
