import io
import json

import numpy as np
import pytest

from grading.sandbox.inside import messages


def sent(data):
    stream = io.BytesIO(data)

    def take(length):
        part = stream.read(length)
        if len(part) < length:
            raise EOFError
        return part

    return take


def received(data, most_bytes):
    return messages.read(sent(data), most_bytes, lambda *parts: parts)


ARRAYS = [
    np.array(1.5),
    np.arange(6, dtype=np.int16).reshape(2, 3).T,
    np.array([True, False]),
    np.array([["a", "tête"], ["", "中文"]]),
    np.zeros((0, 3)),
    np.array([np.nan, np.inf, -0.0], dtype=">f4"),
    np.array(7, dtype=np.uint64),
]


def test_messages_and_arrays_arrive_as_they_were():
    message, arrays = received(messages.pack({"a": 1, "b": [None, "x"]}, ARRAYS), 10_000)
    assert message == {"a": 1, "b": [None, "x"]}
    for got, want in zip(arrays, ARRAYS, strict=True):
        assert got.shape == want.shape
        assert got.dtype == want.dtype.newbyteorder("=")
        np.testing.assert_array_equal(got, want)
        assert got.flags.writeable


def test_wider_floats_become_64_bits():
    (array,) = received(messages.pack({}, [np.array([1.5], np.longdouble)]), 100)[1]
    assert array.dtype == np.float64


@pytest.mark.parametrize(
    "array", [np.array([object()]), np.array([1j]), np.array(["2020"], "M8[Y]"), np.array([b"x"])]
)
def test_other_types_are_not_sent(array):
    with pytest.raises(messages.Malformed, match="cannot be sent"):
        messages.pack({}, [array])


def raw(header, body=b"", lengths=None):
    header = header if isinstance(header, bytes) else json.dumps(header).encode()
    return messages.LENGTHS.pack(*(lengths or (len(header), len(body)))) + header + body


WRONG = {
    "a body above the limit": raw({}, lengths=(2, 101)),
    "a header above the limit": raw({}, lengths=(messages.MOST_HEADER + 1, 0)),
    "no JSON": raw(b"\xff\xfe{"),
    "JSON without end": raw(b"[" * 100_000),
    "no object": raw([]),
    "no list of arrays": raw({"arrays": 3}),
    "too many arrays": raw({"arrays": [["f8", [0]]] * 65}),
    "no description": raw({"arrays": [7]}),
    "a shape of texts": raw({"arrays": [["f8", ["1"]]]}),
    "a negative size": raw({"arrays": [["f8", [-1]]]}),
    "a size that is true": raw({"arrays": [["f8", [True]]]}, bytes(8)),
    "objects": raw({"arrays": [["O", [1]]]}, bytes(8)),
    "a type of NumPy's that is not on the list": raw({"arrays": [["f8,f8", [1]]]}, bytes(16)),
    "more than came": raw({"arrays": [["f8", [2]]]}, bytes(8)),
    "a size that overflows": raw({"arrays": [["f8", [2**62, 8]]]}, bytes(8)),
    "a size beyond all numbers, of nothing": raw({"arrays": [["f8", [10**30, 0]]]}),
    "sizes that overflow, of nothing": raw({"arrays": [["f8", [2**62, 2**62, 0]]]}),
    "many texts without length": raw({"arrays": [["U0", [10**12]]]}),
    "a text too long": raw({"arrays": [["U1001", [1]]]}, bytes(40)),
    "a text of no characters": raw({"arrays": [["U1", [1]]]}, b"\x00\x00\x11\x00"),
    "a lone surrogate": raw({"arrays": [["U1", [1]]]}, b"\x00\xd8\x00\x00"),
    "bytes left over": raw({"arrays": [["u1", [1]]]}, bytes(2)),
    "too many dimensions": raw({"arrays": [["u1", [1] * 33]]}, bytes(1)),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_breaks_a_rule_is_refused(name):
    with pytest.raises(messages.Malformed):
        received(WRONG[name], 100)


def test_bytes_that_are_no_booleans_become_some():
    (array,) = received(raw({"arrays": [["?", [2]]]}, b"\x07\x00"), 100)[1]
    assert array.tolist() == [True, False]


ARGUMENTS = [
    (1, 2.5, True, None, "x", float("inf")),
    ([1, [2, (3,)]], {"a": np.arange(3), 2: [np.float32(1.5)]}),
    (np.array([[1.0, 2.0]]), np.array(["a"])),
]


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_arguments_arrive_as_they_were(arguments):
    arrays = []
    tree = json.loads(json.dumps(messages.flatten(arguments, arrays)))
    arrived = messages.rebuild(tree, arrays)
    assert repr(arrived) == repr(arguments)


def test_an_argument_that_cannot_be_sent_is_named():
    with pytest.raises(TypeError, match="an argument is a set"):
        messages.flatten(({1},), [])
