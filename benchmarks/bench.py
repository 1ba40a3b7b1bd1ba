"""Time softmax regression on Fashion-MNIST side by side: `make bench`, see CONTRIBUTING.md.

Two passes of five rounds. In a round every contender runs once, in a fresh process, and each round begins with
another contender. Then each is timed with fewer pictures and with other batch sizes. Every finished run is kept at once
in .cache/bench, so that Ctrl-C loses nothing: the next call continues. When all runs are done, benchmarks/results.json
and the page are written.

    python -m benchmarks.bench [--minutes 3] [--fresh]
"""

from __future__ import annotations

import argparse
import datetime
import json
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import page
from benchmarks.contender import Contender, FailedError, module_of
from benchmarks.environments import python
from benchmarks.machine import machine
from benchmarks.summary import other_work
from benchmarks.task import EXAMPLES, write_start
from course.environments import NotInstalledError
from course.files import write_whole
from course.paths import CACHE, ROOT

STATE = CACHE / "bench" / "state.json"
PASSES, ROUNDS, EPOCHS, BATCH_SIZE = 2, 5, 10, 256
GROWTH = {"examples": [7_500, 15_000, 30_000, 60_000], "batch_size": [64, 256, 1024, 4096]}
GROWTH_REPEATS = 3
DISTURBED = 0.1  # a run during which other programs used more than this share of the processors is repeated
ATTEMPTS = 4
SAME_LOSS = 1e-3  # float32 and the order of sums change less; a forgotten batch changes 0.01 or more

# An eager loop traces nothing, so a second training would take as long as the first: the first counts as warm too.
EAGER = {"d2l_train_ch3", "train_ch3"}

# file in benchmarks/contenders and the environment it runs in, the slowest last
CONTENDERS = {
    "floor": "course",
    "numpy_loop": "course",
    "jax_scan": "course",
    "lesson_10": "course",
    "pytorch_loop": "torch",
    "scikit_learn": "course",
    "keras_fit": "course",
    "train_ch3": "course",
    "d2l_train_ch3": "d2l",
}

Step = tuple[str, str, tuple]  # what to do, the contender, and the numbers that identify the step


def steps() -> Iterator[Step]:
    """Yield everything there is to measure, in its order."""
    names = list(CONTENDERS)
    for number in range(1, PASSES + 1):
        for turn in range(1, ROUNDS + 1):
            first = (turn - 1) * 2 % len(names)  # each round begins with another contender
            for name in names[first:] + names[:first]:
                yield "round", name, (number, turn)
    for name in names:
        yield "growth", name, ()


def is_done(step: Step, contenders: dict[str, Any]) -> bool:
    """Tell whether the state holds a step's result, or that the contender is missing."""
    kind, name, numbers = step
    found = contenders.get(name, {})
    if "missing" in found:
        return True
    if kind == "growth":
        return "growth" in found
    return any((each["pass"], each["round"]) == numbers for each in found.get("rounds", []))


def begin(fresh: bool) -> dict[str, Any]:
    """Return the state to continue from. Raises ValueError when it comes from another machine."""
    if STATE.exists() and not fresh:
        state = json.loads(STATE.read_text(encoding="utf-8"))
        if state["machine"] != machine():
            raise ValueError(
                f"{STATE} was begun on {state['machine']}, this is {machine()}: make bench FRESH=1"
            )
        return state
    write_start()
    return {"machine": machine(), "contenders": {}}


def keep(state: dict[str, Any], path: Path) -> None:
    """Write a state whole, so that an interruption leaves either the old file or the new one."""
    write_whole(path, json.dumps(state, indent=1, ensure_ascii=False) + "\n")


def take(step: Step, state: dict[str, Any]) -> str:
    """Measure one step, put the result into the state, and return what to print about it."""
    kind, name, numbers = step
    found = state["contenders"].setdefault(name, {})
    try:
        program = python(CONTENDERS[name])
    except NotInstalledError as reason:
        found["missing"] = f"not installed: {reason}"
        return found["missing"]
    try:
        return round_of(name, program, numbers, found) if kind == "round" else growth_of(name, program, found)
    except FailedError as reason:
        found["missing"] = f"failed: {reason}"
        return found["missing"]


def start(name: str, program: str) -> Contender:
    """Return a contender's process, not yet started."""
    return Contender(module_of(ROOT / "benchmarks" / "contenders" / f"{name}.py"), program)


def round_of(name: str, program: str, numbers: tuple[int, int], found: dict[str, Any]) -> str:
    """Time one training from a fresh process and one that follows, once.

    A run that other programs disturbed is kept aside as `pending`. The round ends with an undisturbed run, or after
    ATTEMPTS runs with the least disturbed of them.
    """
    with start(name, program) as contender:
        reply = contender.work(EXAMPLES, BATCH_SIZE, EPOCHS, warm=0 if name in EAGER else 1)
    versions = found.setdefault("versions", contender.versions)
    if versions != contender.versions:
        raise FailedError(f"was {versions}, is {contender.versions}: make bench FRESH=1")
    if name in EAGER:
        reply["warm"] = [reply["first"]]
    best = found.pop("pending", reply)
    attempts = best.get("attempts", 0) + 1
    best = min(best, reply, key=lambda each: max(each["others"]))
    best |= {"pass": numbers[0], "round": numbers[1], "attempts": attempts}
    disturbed = max(best["others"])
    told = f"first {reply['prepare'] + reply['first']:.2f} s, then {reply['warm'][0]:.2f} s"
    if disturbed > DISTURBED:
        told += f", other programs {max(reply['others']):.0%}"
    found.update({"pending": best} if disturbed > DISTURBED and attempts < ATTEMPTS else {})
    if "pending" not in found:
        found.setdefault("rounds", []).append(best)
    return told


def growth_of(name: str, program: str, found: dict[str, Any]) -> str:
    """Time single epochs without tracing, over numbers of examples and over batch sizes."""
    grown: dict[str, dict[str, list[float]]] = {what: {} for what in GROWTH}
    with start(name, program) as contender:
        for what, values in GROWTH.items():
            for value in values:
                job = {"examples": EXAMPLES, "batch_size": BATCH_SIZE} | {what: value}
                reply = contender.work(**job, epochs=1, warm=GROWTH_REPEATS)
                grown[what][str(value)] = reply["warm"]
    found["growth"] = grown
    return "examples and batch sizes"


def main(arguments: list[str] | None = None) -> int:
    """Measure what is missing; return 0 when all is there, 1 for a fault, 3 when time ran out, 130 for Ctrl-C."""
    parser = argparse.ArgumentParser(description="Time the contenders side by side.")
    parser.add_argument("--minutes", type=float, help="stop after this many minutes; the next call continues")
    parser.add_argument("--fresh", action="store_true", help="discard what an unfinished call has measured")
    options = parser.parse_args(arguments)
    try:
        state = begin(options.fresh)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # treated like Ctrl-C
    ends = time.monotonic() + 60 * (options.minutes or 1e6)
    everything = list(steps())
    try:
        for number, step in enumerate(everything, start=1):
            kind, name, numbers = step
            place = "pass {}, round {}".format(*numbers) if numbers else kind
            while not is_done(step, state["contenders"]):
                if time.monotonic() > ends:
                    print(f"{number - 1} of {len(everything)} done and kept; the next make bench continues")
                    return 3
                print(f"[{number:3d}/{len(everything)}] {place:16s} {name:15s}", end=" ", flush=True)
                print(take(step, state), flush=True)
                keep(state, STATE)
    except KeyboardInterrupt:
        print("\nStopped. What was finished is kept; the next make bench continues.", file=sys.stderr)
        return 130
    if faults := other_work(state, SAME_LOSS):
        print("\n".join(["the work was not the same, so nothing was written:", *faults]), file=sys.stderr)
        return 1
    kept = {"date": datetime.date.today().isoformat(), "disturbed": DISTURBED, "attempts": ATTEMPTS}
    keep(kept | state, page.RESULTS)
    STATE.unlink()
    page.write()
    print("written: benchmarks/results.json and the page's table and figures")
    return 0


if __name__ == "__main__":
    sys.exit(main())
