"""Carry messages between the grader and the sandbox: a JSON header, and the bytes of arrays behind it.

Nothing is unpickled. What comes out of the sandbox is checked before memory is taken for it: the lengths against
limits, each array's type against a list, and its declared size against the bytes that came.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

LENGTHS = struct.Struct(">II")  # of the header and of the arrays, in bytes
MOST_HEADER = 4_000_000
MOST_ARRAYS = 64  # in one message
TYPES = {"?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"}
MOST_CHARACTERS = 1_000  # of one text in an array
LAST_CHARACTER = 0x10FFFF

Understood = TypeVar("Understood")


class Malformed(ValueError):  # noqa: N818 - it says what the message is
    """A message breaks the rules; the text says which one."""


def type_of(array: np.ndarray) -> str:
    """Return the name of an array's type in a message; Malformed for one that cannot be sent."""
    if array.dtype.kind == "U":
        return f"U{array.dtype.itemsize // 4}"
    name = "?" if array.dtype.kind == "b" else f"{array.dtype.kind}{array.dtype.itemsize}"
    if name not in TYPES:
        raise Malformed(f"an array of {array.dtype} cannot be sent")
    return name


def pack(message: dict[str, Any], arrays: Sequence[np.ndarray] = ()) -> bytes:
    """Return a message and its arrays as bytes. Numbers wider than 64 bits become 64 bits wide."""
    described, body = [], []
    for array in arrays:
        wide = array.astype(np.float64) if array.dtype.kind == "f" and array.dtype.itemsize > 8 else array
        described.append([type_of(wide), list(wide.shape)])
        body.append(np.ascontiguousarray(wide, wide.dtype.newbyteorder("<")).tobytes())
    header = json.dumps({**message, "arrays": described}).encode()
    return LENGTHS.pack(len(header), sum(map(len, body))) + header + b"".join(body)


def read(
    take: Callable[[int], bytes],
    most_bytes: int,
    understand: Callable[[dict[str, Any], list[np.ndarray]], Understood],
) -> Understood:
    """Read one message with `take`, which returns exactly as many bytes as asked, and return what `understand` makes.

    Malformed if the message breaks a rule, whichever it is: nothing else is raised for what a message holds.
    """
    header_length, body_length = LENGTHS.unpack(take(LENGTHS.size))
    if header_length > MOST_HEADER:
        raise Malformed("its description is too long")
    if body_length > most_bytes:
        raise Malformed(f"it holds {body_length:,} bytes, and {most_bytes:,} are allowed")
    header = take(header_length)
    body = take(body_length)
    try:
        return understand(*parsed(header, body))
    except Malformed:
        raise
    except Exception as error:  # a stranger wrote it: each rule that Python, JSON or NumPy has may be broken
        raise Malformed("it is not in order") from error


def parsed(header: bytes, body: bytes) -> tuple[dict[str, Any], list[np.ndarray]]:
    """Return what a message holds; Malformed, or whatever JSON and NumPy raise, if it breaks a rule."""
    message = json.loads(header)
    described = message.pop("arrays", None) if isinstance(message, dict) else None
    if not isinstance(described, list) or len(described) > MOST_ARRAYS:
        raise Malformed("its description is not in order")
    arrays, start = [], 0
    for one in described:
        array, start = unpack(one, body, start)
        arrays.append(array)
    if start != len(body):
        raise Malformed("bytes are left over")
    return message, arrays


def unpack(described: Any, body: bytes, start: int) -> tuple[np.ndarray, int]:
    """Return the array that begins at a place of the bytes, and where it ends; Malformed if it is not as described."""
    match described:
        case [str(name), list(shape)] if len(shape) <= 32 and all(type(n) is int and n >= 0 for n in shape):
            pass
        case _:
            raise Malformed("an array's description is not in order")
    text = name.startswith("U") and name[1:].isdecimal() and len(name) < 6
    if not text and name not in TYPES:
        raise Malformed("an array's type is not allowed")
    if text and int(name[1:]) > MOST_CHARACTERS:
        raise Malformed("a text is too long")
    itemsize = 4 * int(name[1:]) if text else np.dtype(name).itemsize
    end = start + itemsize * math.prod(shape)
    # empty texts have no bytes, so any number of them would seem to fit
    if end > len(body) or math.prod(shape) > max(len(body), 1):
        raise Malformed("an array is cut off")
    if name == "?":
        array = np.frombuffer(body[start:end], np.uint8).reshape(shape) != 0
    else:
        array = np.frombuffer(body[start:end], np.dtype(name).newbyteorder("<")).reshape(shape)
    if text:
        codes = np.frombuffer(body[start:end], "<u4")
        if ((codes > LAST_CHARACTER) | ((codes >= 0xD800) & (codes < 0xE000))).any():
            raise Malformed("a text holds something that is not a character")
    return array.astype(array.dtype.newbyteorder("=")), end


def flatten(value: Any, arrays: list[np.ndarray]) -> Any:
    """Return an argument as JSON takes it; its arrays are added to `arrays` and named by their place there."""
    if isinstance(value, np.ndarray | np.generic):
        arrays.append(np.asarray(value))
        return {"array" if isinstance(value, np.ndarray) else "scalar": len(arrays) - 1}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return {type(value).__name__: [flatten(part, arrays) for part in value]}
    if isinstance(value, dict):
        return {"dict": [[flatten(key, arrays), flatten(part, arrays)] for key, part in value.items()]}
    raise TypeError(
        f"an argument is a {type(value).__name__}; cases may use numbers, strings, booleans, None, arrays,"
        " and lists, tuples or dicts of them"
    )


def rebuild(value: Any, arrays: Sequence[np.ndarray]) -> Any:
    """Return the argument that `flatten` was given."""
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = value.items()
    if kind == "array":
        return arrays[inner].copy()
    if kind == "scalar":
        return arrays[inner][()]
    if kind == "dict":
        return {rebuild(key, arrays): rebuild(part, arrays) for key, part in inner}
    return {"list": list, "tuple": tuple}[kind](rebuild(part, arrays) for part in inner)
