"""What follows from the measured times: medians with their spread, ratios, and whether two passes agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median, quantiles
from typing import Any, NamedTuple


class Spread(NamedTuple):
    """Median and quartiles of some times, in seconds."""

    median: float
    low: float
    high: float


def spread(times: Sequence[float]) -> Spread:
    """Return median and quartiles. Raises ValueError for fewer than two times, which have no spread."""
    if len(times) < 2:
        raise ValueError(f"found {len(times)} times, expected 2 or more")
    low, middle, high = quantiles(times, n=4, method="inclusive")
    return Spread(middle, low, high)


def times(rounds: Iterable[Mapping[str, Any]], which: str) -> list[float]:
    """Return the times of a contender's rounds.

    `which` is "warm", a training without tracing, or "cold": from arrays in memory to trained weights, with all
    preparation and tracing.
    """
    if which == "warm":
        return [seconds for each in rounds for seconds in each["warm"]]
    if which == "cold":
        return [each["prepare"] + each["first"] for each in rounds]
    raise ValueError(f"which: found {which!r}, expected 'warm' or 'cold'")


def ratios(
    results: Mapping[str, Any], base: str, which: str, only_pass: int | None = None
) -> dict[str, float]:
    """Return how many times as long as `base` each contender took, by medians.

    All passes together count, unless one is named.
    """
    middle = {
        name: median(times([r for r in found["rounds"] if only_pass in (None, r["pass"])], which))
        for name, found in results["contenders"].items()
        if "rounds" in found
    }
    return {name: seconds / middle[base] for name, seconds in middle.items()}


def disagreement(results: Mapping[str, Any], base: str, which: str) -> float:
    """Return the largest relative difference of the second pass's ratios from those of the first: 0.2 is 20 %."""
    first, second = (ratios(results, base, which, number) for number in (1, 2))
    return max(abs(second[name] / first[name] - 1) for name in first)


def last(rounds: Sequence[Mapping[str, Any]], curve: str) -> list[float]:
    """Return a curve's value after the last epoch, one per round; empty if the contender has no such curve."""
    return [each["curves"][curve][-1] for each in rounds if curve in each["curves"]]


def other_work(results: Mapping[str, Any], tolerance: float) -> list[str]:
    """Return a sentence for each contender that did not do the same work: its losses differ from those of `numpy_loop`.

    A contender without losses, such as the floor, is skipped.
    """
    reference = results["contenders"]["numpy_loop"]["rounds"][0]["curves"]["loss"]
    faults = []
    for name, found in results["contenders"].items():
        for each in found.get("rounds", []):
            losses = each["curves"].get("loss", reference)
            if len(losses) != len(reference):
                faults.append(f"{name}: {len(losses)} epochs, not {len(reference)}")
                break
            gap = max(abs(mine - theirs) for mine, theirs in zip(losses, reference, strict=True))
            if not gap <= tolerance:  # written so that a NaN is reported too
                faults.append(f"{name}: its loss is {gap:.2g} away from NumPy's, more than {tolerance:g}")
                break
    return faults
