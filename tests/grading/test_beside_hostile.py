"""Honest submissions beside some that spin, fork, fill the memory and print: each gets what it gets alone."""

import itertools
import threading
import time

from handing_in import RIGHT, answers
from real_processes import grading_on, hand_in, results_of

from course import processes
from grading import __main__
from grading.sandbox import limits

HONEST, HOSTILE = 16, 5
OURS = 2 << 30  # bytes, of the grader and its workers
# computes for a while, as a training does
BUSY = """
import time
import numpy as np
def sigmoid(z):
    end = time.process_time() + 0.1
    while time.process_time() < end: pass
    return 1 / (1 + np.exp(-np.asarray(z)))
"""
KINDS = [
    {"sigmoid": BUSY},
    {},
    {"sigmoid": RIGHT["sigmoid"].replace("-np", "np")},
    {"bce": "def bce(y, p): pass"},
]
ATTACKS = {
    # in sessions of their own, since the kernel may share the processors out among sessions
    "spins": "for _ in range(57): os.fork() or (os.setsid(), exec('while True: pass'))\n    while True: pass",
    "forks and spins": "while True:\n        try: os.fork()\n        except OSError: pass",
    "fills the memory": "while True: held.append(bytearray(b'x') * (64 << 20))",
    "prints": "while True: print('x' * 1_000_000)",
    "fills the disk": "while True: held.append(open(f'/tmp/{len(held)}', 'wb').write(bytes(1 << 20)))",
}


def attack(body):
    return answers(sigmoid=f"import os\nheld = []\ndef sigmoid(z):\n    {body}")


def graded(source, out):
    """Grade by the command; return what was graded, the seconds, and the most bytes that all of it held."""
    begun = time.monotonic()
    run = grading_on("", source, out)
    most, stop = [0], threading.Event()

    def look():
        while not stop.wait(0.5):
            most.append(processes.proportional(processes.family(run.pid)))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        _, said = run.communicate(timeout=1200)
    finally:
        stop.set()
        looking.join()
    assert run.returncode == __main__.DONE, said
    return results_of(out), time.monotonic() - begun, max(most)


def test_every_honest_grade_is_as_alone(needs_sandbox, tmp_path):
    honest = {f"s{number:03d}": answers(**KINDS[number % len(KINDS)]) for number in range(HONEST)}
    # by their names each stands between honest ones
    hostile = {
        f"s{number * HONEST // HOSTILE:03d}-{what.replace(' ', '-')}": attack(body)
        for number, (what, body) in zip(range(HOSTILE), itertools.cycle(ATTACKS.items()), strict=False)
    }
    alone, seconds, _ = graded(hand_in(tmp_path / "alone", **honest), tmp_path / "alone-out")
    both, together, most = graded(hand_in(tmp_path / "both", **honest, **hostile), tmp_path / "both-out")
    print(
        f"{HONEST} alone: {seconds:.1f} s; with {HOSTILE} hostile ones {together:.1f} s, {most / 1e9:.2f} GB"
    )
    assert {name: result["questions"] for name, result in both.items() if name in honest} == {
        name: result["questions"] for name, result in alone.items()
    }
    for name in hostile:
        assert [question["points"] for question in both[name]["questions"]] == [0, 4, None], name
    # two workers, and each holds one submission
    assert most < 2 * limits.MEMORY + OURS
