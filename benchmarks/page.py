"""Write the page that shows benchmarks/results.json: run by `make bench-page`, and at the end of `make bench`.

book/benchmark.md is written by hand and includes book/benchmark-results.md, which is written here with its two
figures, so that no measured number is typed by hand.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.summary import disagreement, last, ratios, spread, times
from course.paths import BOOK, KERNEL, ROOT

RESULTS = ROOT / "benchmarks" / "results.json"
BASE = "lesson_10"

TITLES = {
    "floor": "matrix products alone",
    "numpy_loop": "NumPy",
    "jax_scan": "JAX, compiled epoch",
    "lesson_10": "lesson 10, compiled epoch",
    "pytorch_loop": "PyTorch, eager",
    "scikit_learn": "scikit-learn, `MLPClassifier`",
    "keras_fit": "Keras, `fit`",
    "train_ch3": "lesson 8, `train_ch3`",
    "d2l_train_ch3": "d2l, `train_ch3`",
}
GROWTH_READ = (
    "One epoch, warm. With fewer training pictures there are fewer test pictures too, always a sixth. The learning "
    "rate stays, so for other batch sizes only the times mean something."
)
DRAWN = ["d2l_train_ch3", "keras_fit", "lesson_10", "numpy_loop", "floor"]  # more would be a tangle


def pages(results: Mapping[str, Any]) -> dict[str, str]:
    """Return the generated files of book/ by their names. Raises KeyError if a contender has no title."""
    return {
        "benchmark-results.md": markdown(results),
        "benchmark.svg": svg(race(results)),
        "benchmark-growth.svg": svg(growth(results)),
    }


def measured(results: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the contenders that ran, the fastest first."""
    ran = {name: found for name, found in results["contenders"].items() if "missing" not in found}
    return dict(sorted(ran.items(), key=lambda item: median(times(item[1]["rounds"], "warm"))))


def number(value: float) -> str:
    """Return a time or a ratio with two digits, or more above 100: 0.0061, 0.94, 9.4, 31, 250."""
    return f"{value:#.2g}".rstrip(".") if value < 100 else f"{value:.0f}"


def markdown(results: Mapping[str, Any]) -> str:
    """Return the part of the page that is made of numbers."""
    parts = ["<!-- generated from benchmarks/results.json by make bench-page -->"]
    parts += ["## What came out", findings(results)]
    parts += [figure("benchmark.svg", race_alt(results)), table(results), conditions(results)]
    parts += [
        "## How it grows",
        GROWTH_READ,
        growth_words(results),
        figure("benchmark-growth.svg", growth_alt(results)),
    ]
    parts += [growth_table(results, "examples"), growth_table(results, "batch_size")]
    parts += ["## The machine and the versions", setting(results)]
    return "\n\n".join(parts) + "\n"


def findings(results: Mapping[str, Any]) -> str:
    """Return a list of what the table says about the fast version."""
    warm, cold = ratios(results, BASE, "warm"), ratios(results, BASE, "cold")
    said = []
    for name, title in {"d2l_train_ch3": "`train_ch3` of d2l", "keras_fit": "`fit`"}.items():
        if name in warm:
            said.append(
                f"- Against {title} the compiled epoch of lesson 10 is **{number(warm[name])} times** as fast. "
                f"With all preparation and tracing counted it is {number(cold[name])} times."
            )
    said.append(f"- It takes **{number(1 / warm['floor'])} times** as long as the matrix products alone.")
    said += [
        f"- {TITLES[name]}: {number(warm[name])} times the time of lesson 10 warm, {number(cold[name])} times cold."
        for name in ("numpy_loop", "jax_scan", "pytorch_loop", "scikit_learn")
        if name in warm
    ]
    ours, theirs = (
        median(last(results["contenders"][name]["rounds"], "test accuracy")) for name in (BASE, "train_ch3")
    )
    said.append(
        f"- Test accuracy: {ours:.4f} for the compiled epoch, {theirs:.4f} for `train_ch3` of lesson 8."
    )
    return "\n".join(said)


def figure(file: str, alt: str) -> str:
    """Return a MyST figure."""
    return f"```{{figure}} {file}\n:alt: {alt}\n```"


def table(results: Mapping[str, Any]) -> str:
    """Return one row per contender, the fastest first; those that could not be measured come last."""
    warm, cold = ratios(results, BASE, "warm"), ratios(results, BASE, "cold")
    rows = [
        "| contender | warm, s | to lesson 10 | cold, s | to lesson 10 | test accuracy |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, found in measured(results).items():
        cells = [TITLES[name]]
        for which, ratio in (("warm", warm), ("cold", cold)):
            middle, low, high = spread(times(found["rounds"], which))
            cells += [
                f"{number(middle)} ({number(low)}\u00a0to\u00a0{number(high)})",
                f"{number(ratio[name])}\u00a0×",
            ]
        reached = last(found["rounds"], "test accuracy")
        rows.append(f"| {' | '.join(cells)} | {f'{median(reached):.4f}' if reached else '–'} |")
    for name, found in results["contenders"].items():
        if "missing" in found:
            rows.append(f"| {TITLES[name]} | {found['missing'].replace('|', '/')} | | | | |")
    return "\n".join(rows)


def conditions(results: Mapping[str, Any]) -> str:
    """Return how many rounds there were, whether the passes agree, and how many runs were disturbed."""
    rounds = [each for found in measured(results).values() for each in found["rounds"]]
    count = len(next(iter(measured(results).values()))["rounds"])
    warm, cold = (disagreement(results, BASE, which) for which in ("warm", "cold"))
    loud = sum(max(each["others"]) > results["disturbed"] for each in rounds)
    return (
        f"Medians of {count} rounds in two passes. The ratios of the second pass differ from those of the first by at "
        f"most {warm:.0%} warm and {cold:.0%} cold. In {loud} of {len(rounds)} runs other programs had more than "
        f"{results['disturbed']:.0%} of the processors, after up to {results['attempts']} attempts."
    )


def growth_words(results: Mapping[str, Any]) -> str:
    """Return how the time of one epoch changes from one end of each scale to the other."""
    lines = []
    for name in DRAWN:
        if "growth" not in results["contenders"].get(name, {}):
            continue
        grown = {
            what: [median(seconds) for seconds in values.values()]
            for what, values in results["contenders"][name]["growth"].items()
        }
        examples, sizes = grown["examples"], grown["batch_size"]
        lines.append(
            f"- {TITLES[name]}: eight times the examples take {number(examples[-1] / examples[0])} times as long; "
            f"batches of 4,096 instead of 64 make an epoch {number(sizes[0] / sizes[-1])} times as fast."
        )
    return "\n".join(lines)


def growth_table(results: Mapping[str, Any], what: str) -> str:
    """Return the seconds of one epoch by number of examples or by batch size."""
    ran = {name: found["growth"][what] for name, found in measured(results).items()}
    values = list(next(iter(ran.values())))
    label = {"examples": "examples", "batch_size": "batch size"}[what]
    heads = " | ".join(f"{int(value):,}" for value in values)
    rows = [f"| seconds an epoch, {label} | {heads} |", "| --- " * (len(values) + 1) + "|"]
    for name, grown in ran.items():
        rows.append(f"| {TITLES[name]} | {' | '.join(number(median(grown[value])) for value in values)} |")
    return "\n".join(rows)


def setting(results: Mapping[str, Any]) -> str:
    """Return machine, versions and date."""
    machine = results["machine"]
    versions = {
        name: version
        for found in results["contenders"].values()
        for name, version in found.get("versions", {}).items()
    }
    listed = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    return (
        f"Measured on {results['date']}: {machine['processor']}, {machine['cores']} cores, {machine['memory']} GiB, "
        f"{machine['system']}, Python {machine['python']}. Packages: {listed}."
    )


def plain(title: str) -> str:
    """Return a title without its backticks."""
    return title.replace("`", "")


def race_alt(results: Mapping[str, Any]) -> str:
    """Return what the first figure shows, for those who do not see it."""
    order = [
        f"{plain(TITLES[n])} {number(median(times(f['rounds'], 'warm')))}"
        for n, f in measured(results).items()
    ]
    return (
        f"Seconds of ten epochs without tracing, on a logarithmic axis, from the fastest. {'; '.join(order)}. "
        "An open circle beside each dot marks the time from cold."
    )


def growth_alt(results: Mapping[str, Any]) -> str:
    """Return what the second figure shows."""
    said = " ".join(line.removeprefix("- ") for line in growth_words(results).splitlines())
    return (
        "Two panels with logarithmic axes, seconds of one epoch over the number of examples and over the batch size. "
        + plain(said)
    )


def race(results: Mapping[str, Any]) -> Figure:
    """Draw one row per contender: its warm time as a dot with quartiles, its cold time as a circle."""
    with look():
        ran = measured(results)
        drawing = Figure(figsize=(5.2, 0.48 * len(ran) + 1.0), layout="constrained")
        ax = drawing.subplots()
        for row, (name, found) in enumerate(ran.items()):
            middle, low, high = spread(times(found["rounds"], "warm"))
            cold = median(times(found["rounds"], "cold"))
            colour = "#0b6bb8" if name == BASE else "#555f6b"
            ax.plot([middle, cold], [-row, -row], color=colour, lw=1, linestyle=":")
            ax.plot([low, high], [-row, -row], color=colour, lw=3, linestyle="-")
            ax.plot(cold, -row, "o", color=colour, markerfacecolor="white", markersize=8)
            ax.plot(middle, -row, "D" if name == BASE else "o", color=colour, markersize=8)
            # above its own dot: the cold time may be beside it
            ax.annotate(
                number(middle), (middle, -row), (0, 6), textcoords="offset points", ha="center", fontsize=10
            )
        ax.set_yticks([-row for row in range(len(ran))], [plain(TITLES[name]) for name in ran])
        ax.set(xscale="log", xlabel="seconds: warm filled, cold open")
        ends = [median(times(found["rounds"], which)) for found in ran.values() for which in ("warm", "cold")]
        ax.set_xlim(min(ends) / 1.5, max(ends) * 1.5)
        ax.set_ylim(0.6 - len(ran), 0.8)
        ax.xaxis.set_major_formatter("{x:g}")
        return drawing


def growth(results: Mapping[str, Any]) -> Figure:
    """Draw the seconds of an epoch over the number of examples and over the batch size."""
    with look():
        drawing = Figure(figsize=(5.2, 6.4), layout="constrained")
        for ax, what in zip(drawing.subplots(2), ("examples", "batch_size"), strict=True):
            panel(ax, results, what)
        drawing.align_ylabels()
        return drawing


def panel(ax: Axes, results: Mapping[str, Any], what: str) -> None:
    """Draw one panel of the growth."""
    for name, marker in zip(DRAWN, "osD^v", strict=True):
        grown = results["contenders"].get(name, {}).get("growth", {}).get(what)
        if not grown:
            continue
        ax.plot(
            list(map(int, grown)),
            [median(s) for s in grown.values()],
            marker=marker,
            label=plain(TITLES[name]),
        )
    ticks = list(map(int, next(iter(measured(results).values()))["growth"][what]))
    ax.set(xscale="log", yscale="log", ylabel="seconds an epoch", xlabel=what.replace("_", " "))
    ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    ax.yaxis.set_major_formatter("{x:g}")
    ax.minorticks_off()
    if what == "examples":
        ax.figure.legend(loc="outside upper center", ncols=2, fontsize=10, handlelength=3.5)


@contextmanager
def look() -> Iterator[None]:
    """Make figures look like those of the lessons, whatever the user's own settings are."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rc_file(KERNEL / "matplotlibrc")
        yield


def svg(drawing: Figure) -> str:
    """Return a figure as SVG, the same bytes at every run."""
    written = io.StringIO()
    with look():
        drawing.savefig(written, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
    return re.sub(r"[ \t]+$", "", written.getvalue(), flags=re.M)


def write(folder: Path = BOOK) -> None:
    """Write the generated files of the page."""
    for name, text in pages(json.loads(RESULTS.read_text(encoding="utf-8"))).items():
        (folder / name).write_text(text, encoding="utf-8")


def main() -> int:
    """Write the page's files, or say what is missing."""
    if not RESULTS.exists():
        print("there is no benchmarks/results.json yet: run make bench first", file=sys.stderr)
        return 1
    write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
