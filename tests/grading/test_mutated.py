"""Ten thousand frames and notebooks, each changed at random from a good one: refused, or read as plain data."""

import json
import random
import socket
import time

import pytest
from handing_in import answers, cell, notebook

from grading.judging import grades
from grading.sandbox import asking, child, replies
from grading.sandbox.child import Stopped
from grading.sandbox.exam import CallOutcome, SubmissionTrial
from grading.sandbox.inside import messages
from grading.submissions import notebook as notebooks

SEED = 2026
ODD = [
    "null", "true", "-1", "0.5", "1e999", "-1e999", "NaN", "9" * 30, "9" * 5000, '""', '"\\ud800"', '"U1"', '"U０"',
    "[]", "{}", "[[]]", "[1]", '"x"', "[0, 0]", "9223372036854775807", "[4611686018427387904, 0]", "[" * 2000,
    '[["f8", [4611686018427387904, 0]]]', '[["U0", [1]]]', '[["f8", []]]', '{"a": {}}', '"\\u0000"',
]  # fmt: skip
HEADERS = [
    {"ready": True},
    {"at": [0, 1]},
    {
        "answers": {"sigmoid": [0], "bce": [1]},
        "defined": ["sigmoid", "bce"],
        "errors": [{"cell": 0, "error": "NameError: x", "syntax": False, "lost": ["x"]}],
        "left_out": ["y"],
    },
    {"case": 0, "error": ""},
    {"case": 0, "error": "ValueError: x"},
]
VALUES = (([], b""), ([["f8", [2]]], bytes(16)), ([["U1", [1]], ["?", [1]]], b"a\0\0\0\1"))


def changed(rng, text):
    """Return a JSON text with one to three of its parts replaced, removed, doubled or moved."""
    for _ in range(rng.randint(1, 3)):
        a, b = sorted(rng.randrange(len(text) + 1) for _ in range(2))
        a = max(a, b - rng.randint(1, 40))
        text = text[:a] + rng.choice([rng.choice(ODD), "", text[a:b] * 2, text[b : b + 20]]) + text[b:]
    return text


def replaced(rng, value):
    """Return a value of JSON with one of its parts replaced by something odd, as JSON."""
    text = json.dumps(value)
    places = [json.dumps(part) for part in parts(value)]
    return text.replace(rng.choice(places), rng.choice(ODD), 1)


def parts(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(part for one in inner for part in parts(one))]


def frame(rng):
    """Return a frame of which the header, the arrays or the lengths are not as they should be."""
    described, body = rng.choice(VALUES)
    whole = {**rng.choice(HEADERS), "arrays": described}
    text = replaced(rng, whole) if rng.random() < 0.6 else changed(rng, json.dumps(whole))
    header = text.encode("utf-8", "replace")
    if rng.random() < 0.1:
        header = bytes(rng.randrange(256) for _ in range(rng.randrange(200)))
    if rng.random() < 0.2:
        body = body[: rng.randrange(len(body) + 1)] + bytes(
            rng.randrange(256) for _ in range(rng.randrange(9))
        )
    lengths = (len(header), len(body))
    if rng.random() < 0.05:
        lengths = (rng.choice([0, 3, 2**32 - 1]), rng.choice([0, 3, 2**32 - 1]))
    return messages.LENGTHS.pack(*lengths) + header + body


def test_a_changed_frame_is_understood_or_malformed_and_nothing_else():
    rng, understood = random.Random(SEED), 0
    readers = [
        replies.ready,
        lambda *parts: replies.loading(*parts, 2, {"sigmoid", "bce"}),
        lambda *parts: replies.called(*parts, 0),
    ]
    for number in range(6000):
        data = frame(rng)
        for reader in readers:
            stream = memoryview(data)

            def take(length):
                nonlocal stream
                part, stream = bytes(stream[:length]), stream[length:]
                if len(part) < length:
                    raise EOFError
                return part

            try:
                reply = messages.read(take, 1000, reader)
            except (messages.Malformed, EOFError):
                continue
            except Exception as error:
                pytest.fail(f"frame {number} of seed {SEED}, {data[:300]!r}: {type(error).__name__}: {error}")
            understood += 1
            assert isinstance(reply, str | replies.About | replies.Loaded | CallOutcome)
            json.dumps(repr(reply))
    assert 100 < understood < 12_000


def test_a_child_that_sends_changed_frames_ends_its_own_submission(t1, monkeypatch):
    rng, exam = random.Random(SEED + 1), t1.exam()
    monkeypatch.setattr(child, "pid_of", lambda handle: 1)
    stopped, begun = 0, time.monotonic()
    for number in range(1000):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            theirs.settimeout(5)
            theirs.sendall(b"".join(frame(rng) for _ in range(rng.randint(1, 4))))
            theirs.shutdown(socket.SHUT_WR)
            one = child.Child(ours, 0, lambda seconds: 0, watched=False)
            report = SubmissionTrial()
            try:
                asking.load(one, exam, [{"source": ""}] * 2, report, (), False)
                asking.ask(one, exam, exam.questions[0], report)
            except Stopped as why:
                stopped += 1
                for outcomes in report.outcomes.values():
                    missing = len(exam.questions[0].calls) - len(outcomes)
                    outcomes += [CallOutcome(None, f"Stopped: {why}")] * missing
            except Exception as error:
                pytest.fail(f"child {number} of seed {SEED + 1}: {type(error).__name__}: {error}")
        read = notebooks.read(answers())
        for mark in grades.mark(t1, read, report):
            assert mark.state != grades.INFRASTRUCTURE_ERROR, (number, mark)
    assert stopped > 900
    assert time.monotonic() - begun < 60


SENDS = """
import os, socket
def bce(y, p):
    import numpy as np
    y, p = np.asarray(y), np.asarray(p)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
def sigmoid(z):
    for name in os.listdir("/proc/self/fd"):
        try:
            os.write(int(name), {data!r}) if int(name) > 2 else None
        except OSError:
            pass
    os._exit(0)
"""


def test_frames_that_students_code_sends_itself_cost_it_that_question_and_no_more(t1, try_answers):
    rng = random.Random(SEED + 2)
    for _ in range(15):
        read, report = try_answers(
            notebook(cell(SENDS.format(data=frame(rng)), "sigmoid"), cell(SENDS, "bce"))
        )
        states = {mark.question: mark.state for mark in grades.mark(t1, read, report)}
        assert states["sigmoid"] == grades.GRADED
        assert grades.INFRASTRUCTURE_ERROR not in states.values()


def test_a_changed_notebook_is_read_or_unreadable_and_nothing_else():
    rng, read = random.Random(SEED + 3), 0
    good = answers().decode()
    begun = time.monotonic()
    for number in range(3000):
        text = replaced(rng, json.loads(good)) if rng.random() < 0.5 else changed(rng, good)
        data = text.encode("utf-8", "replace")
        if rng.random() < 0.1:
            place = rng.randrange(len(data))
            data = data[:place] + bytes([rng.randrange(256)]) + data[place + 1 :]
        try:
            found = notebooks.read(data)
        except notebooks.Unreadable:
            continue
        except Exception as error:
            pytest.fail(
                f"notebook {number} of seed {SEED + 3}: {type(error).__name__}: {error}, {data[:300]!r}"
            )
        read += 1
        assert found.in_words("explain") is None or isinstance(found.in_words("explain"), str)
        messages.pack({"cells": found.code})
    assert 100 < read < 2900
    assert time.monotonic() - begun < 60


FAR_TOO_MUCH = {
    "cells": b'{"cells": [' + b"{}," * 6_500_000 + b"{}]}",
    "texts": b'{"cells": ["' + b'a","' * 4_800_000 + b'"]}',
    "numbers": b'{"cells": [' + b"1," * 9_900_000 + b"1]}",
    "brackets": b'{"cells": ' + b"[" * 19_900_000,
    "brackets that close": b'{"cells": ' + b"]" * 19_900_000,
    "backslashes": b'{"cells": ["' + b"\\" * 19_900_000 + b'"]}',
}


@pytest.mark.parametrize("what", FAR_TOO_MUCH)
def test_a_file_of_nothing_but_many_things_is_refused_before_they_are_made(what):
    begun = time.process_time()
    with pytest.raises(notebooks.Unreadable):
        notebooks.read(FAR_TOO_MUCH[what])
    assert time.process_time() - begun < 1.5
