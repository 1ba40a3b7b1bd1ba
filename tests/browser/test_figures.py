"""Each interactive figure, worked by keyboard in a real browser; its numbers are compared with NumPy and SciPy."""

import gzip
import html
import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from scipy import optimize, special

from course.paths import ASSETS, BOOK, SITE
from website import check as site_check
from website import serve
from website.ext import lab_bundle
from website.ext.words import words

PATIENCE = 30_000  # milliseconds, as in conftest.py

WORDS = words("en")["lab"]
SCRIPTS = lab_bundle.scripts(WORDS)
SITE_CSS = (ASSETS / "site.css").read_text(encoding="utf-8")
KINDS = [
    "both",
    "gradient",
    "sigmoid",
    "squared-error",
    "softmax",
    "cross-entropy",
    "overflow",
    "threshold",
    "shapes",
]
ELSEWHERE = ["finder", "number"]  # answers in words, without a drawing: each has a test file of its own
ADDRESS = "http://figures.test/page.html"
State = dict[str, Any]


# --- invented predictions for the figure "threshold": 800 pictures of ten classes


def invented_data() -> dict[str, Any]:
    random = np.random.default_rng(5)
    labels = random.integers(10, size=800)
    logits = random.normal(size=(800, 10))
    logits[np.arange(800), labels] += random.exponential(3, size=800)
    edges, temperatures = np.round(np.linspace(0, 1, 21), 2), np.arange(0.5, 3.01, 0.25)
    data: dict[str, Any] = {"edges": edges.tolist(), "temperatures": temperatures.tolist()}
    data |= {"count": [], "right": [], "confidence": [], "nll": []}
    for temperature in temperatures:
        p = special.softmax(logits / temperature, axis=1)
        group = np.minimum(np.digitize(p.max(axis=1), edges) - 1, 19)
        data["count"].append(np.bincount(group, minlength=20).tolist())
        hits = np.bincount(group, p.argmax(axis=1) == labels, minlength=20)
        data["right"].append(hits.astype(int).tolist())
        data["confidence"].append(np.bincount(group, p.max(axis=1), minlength=20).round(4).tolist())
        data["nll"].append(float(-np.log(p[np.arange(800), labels]).mean()))
    return data


DATA = invented_data()


# --- what each figure has to say: the numbers of its sentence, in order, and its table

X = np.array([-3, -2.2, -1.5, -1, -0.3, 0.2, 0.8, 1.4, 2.1, 3])
Y = np.array([0, 0, 0, 1, 0, 1, 0, 1, 1, 1])
BATCH = np.array([[2, 1, 0.1], [0.5, 2.5, -1], [-1.5, 0, 3], [1, 1, 1]])
ONE_HOT = np.eye(3)[[0, 1, 2, 1]]


def binary_losses(z: Any, y: Any) -> Any:
    return np.logaddexp(0, np.where(np.equal(y, 1), -np.asarray(z), z))


def both(state: State) -> tuple[list, list]:
    z = np.array([state[f"z{i}"] for i in (1, 2, 3)])
    alone, shares = special.expit(z), special.softmax(z)
    names = WORDS["both"]["names"]
    table = [*zip(names, z, alone, shares, strict=True), (WORDS["both"]["total"], z.sum(), alone.sum(), 1)]
    return [shares.max(), alone.sum(), 1], table


def sigmoid(state: State) -> tuple[list, list]:
    z = state["w"] * X + state["b"]
    losses = binary_losses(z, Y)
    crossing = [0, 0.5] if state["w"] == 0 else [0.5, -state["b"] / state["w"]]
    sentence = [*crossing, losses.mean(), np.sum((z >= 0) == (Y == 1)), 10]
    return sentence, list(zip(X, Y, special.expit(z), losses, strict=True))


def squared_error(state: State) -> tuple[list, list]:
    z, y = state["z"], int(state["y"])
    a = special.expit(z)

    def steps(slope: Callable[[float], float]) -> int:
        at, count = z, 0
        while at < 0 if y else at > 0:
            at, count = at - slope(at), count + 1
        return count

    def of_cross(at: float) -> float:
        return special.expit(at) - y

    def of_square(at: float) -> float:
        return 2 * (special.expit(at) - y) * special.expit(at) * special.expit(-at)

    cross, square = (float(binary_losses(z, y)), of_cross(z)), ((a - y) ** 2, of_square(z))
    counts = steps(of_cross), steps(of_square)
    ratio = max(cross[1] / square[1], square[1] / cross[1])
    sentence = [*cross, *square, ratio, *([1, *counts] if counts[0] else [])]
    names = WORDS["squared-error"]
    return sentence, [(names["cross"], *cross, counts[0]), (names["square"], *square, counts[1])]


def gradient(state: State) -> tuple[list, list]:
    z, truth = np.array([state[f"z{i}"] for i in range(3)]), int(state["true"])
    p, y = special.softmax(z), np.eye(3)[truth]
    names = WORDS["gradient"]["names"]
    table = [*zip(names, z, p, y, p - y, strict=True), (WORDS["gradient"]["sum"], z.sum(), 1, 1, 0)]
    return [-special.log_softmax(z)[truth], p[truth], truth, 1 - p[truth]], table


def softmax(state: State) -> tuple[list, list]:
    z = np.array([state[f"z{i}"] for i in range(1, int(state["classes"]) + 1)])
    p, plain, alone = special.softmax(z / state["T"]), special.softmax(z), special.expit(z)
    table = list(zip(WORDS["softmax"]["names"][: len(z)], z, p, plain, alone, strict=True))
    sums = (WORDS["softmax"]["sum"], z.sum(), 1, 1, alone.sum())
    return [state["T"], 1, alone.sum(), p.max()], [*table, sums]


def cross_entropy(state: State) -> tuple[list, list]:
    p = special.softmax([state[f"z{i}"] for i in (1, 2, 3)])
    if state["label"] == "soft":
        weights = np.array([state[f"v{i}"] for i in (1, 2, 3)])
        y = weights / weights.sum() if weights.any() else np.full(3, 1 / 3)
    else:
        epsilon = state["epsilon"] if state["label"] == "smoothed" else 0
        y = (1 - epsilon) * np.eye(3)[int(state["class"]) - 1] + epsilon / 3
    shares = -special.xlogy(y, p)
    entropy, divergence = special.entr(y).sum(), special.rel_entr(y, p).sum()
    sentence = [shares.sum(), entropy, divergence]
    if divergence >= 5e-4:
        sentence.append(0 if entropy < 5e-4 else entropy)
    table = list(zip(WORDS["cross-entropy"]["names"], y, p, shares, strict=True))
    return sentence, [*table, (WORDS["cross-entropy"]["sum"], 1, 1, shares.sum())]


def overflow(state: State) -> tuple[list, list]:
    f, one = np.float32, np.float32(1)
    z = f(state["z"])
    with np.errstate(all="ignore"):
        small, large = np.exp(-z), np.exp(z)
        a = one / (one + small)
        p = small / (one + small)
        least = f(1e-7)
        rows = {
            "stable": (z + np.log1p(small), one / (one + small)),
            "written": (np.log(large + one), one / (large + one) * large),
            "sigmoid": (-np.log(one - a), one / (one - a) * (a * (one - a))),
            "clipped": (-np.log(max(p, least)), f(0) if p < least else one / p * (p * (one / (one + small)))),
        }
    assert all(isinstance(value, f) for row in rows.values() for value in row), "not float32"
    # where each begins to fail: e^z is beyond float32, 1 + e^−z rounds to 1, p falls below 10⁻⁷
    ends = {
        "stable": 1000,
        "written": np.log(np.float64(np.finfo(f).max)),
        "sigmoid": 24 * np.log(2),
        "clipped": np.log(1 / np.float64(least) - 1),
    }
    verdict = [np.nan, 0] if state["z"] > 16.2 else []  # "from a slope of nan or 0 nothing is learned"
    sentence = [
        state["z"],
        *rows["stable"],
        1,
        *rows["written"],
        1,
        *rows["sigmoid"],
        10,
        *rows["clipped"],
        *verdict,
    ]
    never = WORDS["overflow"]["never"]
    return sentence, [
        (WORDS["overflow"][name], *row, never if ends[name] == 1000 else ends[name])
        for name, row in rows.items()
    ]


def threshold(state: State) -> tuple[list, list]:
    data = state.get("data", DATA)
    k = data["temperatures"].index(state["T"])
    edges, counts, right, sure = (
        np.array(x) for x in (data["edges"], *(data[n][k] for n in ("count", "right", "confidence")))
    )
    answered = edges[:-1] >= state["threshold"]
    total, served = counts.sum(), counts[answered].sum()
    head = [state["T"], state["threshold"], served, total, 100 * served / total]
    if served:
        head.append(100 * right[answered].sum() / served)
    else:
        head = [state["T"], state["threshold"], total]
    error = np.abs(right - sure).sum() / total
    sentence = [*head, 100 * right.sum() / total, error, data["nll"][k]]
    table = [
        (
            f"{edges[i]:.2f} – {edges[i + 1]:.2f}",
            counts[i],
            sure[i] / counts[i],
            right[i] / counts[i],
            "yes" if answered[i] else "no",
        )
        for i in range(20)
        if counts[i]
    ]
    return sentence, table


def shapes(state: State) -> tuple[list, list]:
    logits, labels = (BATCH.T, ONE_HOT.T) if state["layout"] == "Cm" else (BATCH, ONE_HOT)
    axis = int(state["axis"])
    log_p = special.log_softmax(logits, axis=axis)
    losses = -(labels * log_p).sum(axis=axis)
    other = -(labels * special.log_softmax(logits, axis=1 - axis)).sum(axis=1 - axis)
    sentence = [len(losses), *losses, losses.mean(), other.mean()]
    if len(losses) == 3:
        sentence.append(0 if state["layout"] == "Cm" else 1)  # the axis to take
    groups, shares = (logits.T, np.exp(log_p).T) if axis == 0 else (logits, np.exp(log_p))
    name = WORDS["shapes"]["column" if axis == 0 else "row"]
    table = [
        (name.format(i=i), list(groups[i]), list(shares[i]), labels.sum(axis=axis)[i], losses[i])
        for i in range(len(losses))
    ]
    return sentence, table


EXPECTED = {
    "both": both,
    "gradient": gradient,
    "sigmoid": sigmoid,
    "squared-error": squared_error,
    "softmax": softmax,
    "cross-entropy": cross_entropy,
    "overflow": overflow,
    "threshold": threshold,
    "shapes": shapes,
}
FIRST: dict[str, State] = {
    "both": {"z1": 3, "z2": 2.5, "z3": -3},
    "gradient": {"z0": 2, "z1": 1, "z2": 0.1, "true": "1"},
    "sigmoid": {"w": 1, "b": 0},
    "squared-error": {"y": "1", "z": -6},
    "softmax": {"classes": "3", "z1": 0.5, "z2": 2.5, "z3": -1, "z4": 1.5, "z5": 0, "T": 1},
    "cross-entropy": {
        "label": "soft",
        "class": "1",
        "epsilon": 0.1,
        "v1": 7,
        "v2": 2,
        "v3": 1,
        "z1": -0.9,
        "z2": 0,
        "z3": -0.5,
    },
    "overflow": {"z": 100},
    "threshold": {"threshold": 0.8, "T": 1},
    "shapes": {"layout": "Cm", "axis": "1"},
}
# walked one after the other, by keyboard; between them they touch both ends of every control
WALKS: dict[str, list[State]] = {
    "gradient": [{"z1": 6}, {"true": "2"}, {"z0": -6, "z1": -6, "z2": 6}, {"true": "0"}, {"z0": 6, "z2": -6}],
    "both": [{"z1": -6, "z2": -6, "z3": -6}, {"z1": 6}, {"z2": 6}, {"z3": 6}, {"z1": 0, "z2": -2.5}],
    "sigmoid": [{"w": 6, "b": 6}, {"w": -6}, {"b": -6}, {"w": 0}, {"w": 2.5, "b": -0.7}],
    "squared-error": [
        *({"z": z} for z in (-10, -0.1, 0, 0.1, 10)),
        *({"y": "0", "z": z} for z in (-10, -1.4, 0, 6, 10)),
    ],
    "softmax": [
        {"T": 0.1},
        {"T": 10},
        {"classes": "4", "z4": 6},
        {"classes": "5", "z5": -6, "T": 2},
        {"z1": 6, "z2": -6, "z3": 6, "z5": 6, "T": 0.5},
        {"z1": -6, "z2": 6, "z3": -6, "z4": -6},
    ],
    "cross-entropy": [
        {"v1": 0, "v2": 0, "v3": 0},
        {"v1": 10, "v2": 10, "v3": 10, "z1": 0, "z3": 0},
        {"z1": 6, "z2": -6, "z3": 6},
        {"label": "one_hot", "class": "2"},
        {"class": "3", "z1": -6, "z2": 6, "z3": -6},
        {"label": "smoothed", "epsilon": 0},
        {"epsilon": 1},
        {"epsilon": 0.1, "class": "1"},
    ],
    "overflow": [{"z": z} for z in (1, 8, 16, 16.4, 16.7, 20, 88.72, 88.73, 110, 1000)],
    "threshold": [
        *({"threshold": t} for t in (0, 0.95)),
        {"T": 0.5},
        {"T": 3},
        {"threshold": 0.5, "T": 1.75},
    ],
    "shapes": [{"axis": "0"}, {"layout": "mC"}, {"axis": "1"}],
}


# --- a page with figures, and a reader who has a keyboard only


def element(kind: str, attributes: str = "", fallback: str = "the fallback") -> str:
    data = (
        f' data="{html.escape(json.dumps(DATA))}"'
        if kind == "threshold" and "data=" not in attributes
        else ""
    )
    return f'<loss-lab kind="{kind}"{data} {attributes}>{fallback}</loss-lab>'


class Figures:
    """A window that shows figures; whatever goes wrong in it is kept in `errors`."""

    def __init__(self, page: Page):
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))

    def show(
        self, body: str, fragment: str = "", dark: bool = False, scripts: dict[str, str] = SCRIPTS
    ) -> "Figures":
        """Open a page with this body, which loads what the site's pages load for it of `scripts`."""
        mode = "dark" if dark else "light"
        loaded = [name for name in lab_bundle.needed(body) if name in scripts]
        tags = "".join(f'<script src="{name}" defer></script>' for name in loaded)
        look = f"{SITE_CSS} html[data-theme=dark] {{ color-scheme: dark }} body {{ margin: 0 1rem;"
        look += " background: var(--pst-color-background); color: var(--pst-color-text-base) }"
        page = (
            f'<!DOCTYPE html><html lang="en" data-theme="{mode}"><head><meta charset="utf-8"><title>Figures</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
            f"<style>{look}</style>{tags}</head>"
            f"<body><main><h1>Figures</h1>{body}</main></body></html>"
        )
        answers = {"/page.html": ("text/html", page)}
        answers |= {f"/{name}": ("text/javascript", scripts[name]) for name in scripts}

        def answer(route: Any) -> None:
            path = urlsplit(route.request.url).path
            if path in answers:
                kind, content = answers[path]
                route.fulfill(content_type=f"{kind}; charset=utf-8", body=content)
            else:
                route.abort()

        self.page.unroute_all()
        self.page.route("http://figures.test/**", answer)
        self.page.goto("about:blank")
        self.page.goto(ADDRESS + fragment)
        return self

    def find(self, css: str, number: int = 0) -> Any:
        return self.page.locator("loss-lab").nth(number).locator(css)

    def sentence(self, number: int = 0) -> str:
        return self.find(".say", number).text_content()

    def rows(self, number: int = 0) -> list[list[str]]:
        read = "rows => rows.map((row) => [...row.children].map((cell) => cell.textContent))"
        return self.find("tbody tr", number).evaluate_all(read)

    def values(self, number: int = 0) -> dict[str, str]:
        """Return what the number fields and the chosen radio buttons say."""
        read = "inputs => Object.fromEntries(inputs.map((input) => [input.name, input.value]))"
        return self.find("input[type=number], input:checked", number).evaluate_all(read)

    def heard(self, number: int = 0) -> str:
        """Return what a screen reader was told, as soon as it is the sentence that is shown."""
        self.page.wait_for_function(
            "([number]) => { const { shadowRoot: root } = document.querySelectorAll('loss-lab')[number];"
            " return root.querySelector('[role=status]').textContent === root.querySelector('.say').textContent; }",
            arg=[number],
        )
        return self.find("[role=status]", number).text_content()

    def query(self) -> dict[str, str]:
        _, _, query = urlsplit(self.page.url).fragment.partition("?")
        return {name: value for name, (value,) in parse_qs(query).items()}

    # the keyboard

    def tab_to(self, number: int = 0, **wanted: str) -> None:
        """Press Tab until the focus is on what has these properties, as a reader without a mouse does."""
        read = (
            "([number, wanted]) => { const lab = document.querySelectorAll('loss-lab')[number];"
            " const at = lab.shadowRoot.activeElement; return !!at &&"
            " Object.entries(wanted).every(([name, value]) => (at[name] ?? '') === value); }"
        )
        for _ in range(80):
            if self.page.evaluate(read, [number, wanted]):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {wanted}")

    def type(self, name: str, value: float, number: int = 0) -> None:
        self.tab_to(number, type="number", name=name)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(str(value))
        self.page.keyboard.press("Enter")

    def choose(self, name: str, value: str, number: int = 0) -> None:
        self.tab_to(number, type="radio", name=name)
        for _ in range(5):
            if self.find(f"input[name={name}][value='{value}']", number).is_checked():
                return
            self.page.keyboard.press("ArrowRight")
        raise AssertionError(f"the arrow keys do not lead to {name} = {value}")

    def set(self, state: State, number: int = 0) -> None:
        for name, value in state.items():
            (self.choose if isinstance(value, str) else self.type)(name, value, number)

    def press(self, word: str, key: str = "Enter", number: int = 0) -> None:
        self.tab_to(number, localName="button", textContent=word)
        self.page.keyboard.press(key)


@pytest.fixture
def figures(browser: Browser) -> Iterator[Callable[..., Figures]]:
    contexts = []

    def opened(width: int = 760, motion: bool = False, javascript: bool = True) -> Figures:
        contexts.append(
            browser.new_context(
                viewport={"width": width, "height": 900},
                reduced_motion="no-preference" if motion else "reduce",
                java_script_enabled=javascript,
            )
        )
        contexts[-1].set_default_timeout(PATIENCE)
        return Figures(contexts[-1].new_page())

    yield opened
    for context in contexts:
        context.close()


# --- numbers as text

NUMBER = re.compile(r"−?\b(?:\d[\d,]*(?:\.\d+)?)|−?\binf\b|\bnan\b")


def check_number(shown: str, value: float, where: str) -> None:
    """Compare a number as it is shown with the exact one: it must be right to the last digit shown."""
    plain = shown.replace("−", "-").replace(",", "")
    value = float(value)
    if not np.isfinite(value):
        assert plain == str(value), f"{where}: shown {shown}, expected {value}"
        return
    assert plain not in ("inf", "-inf", "nan"), f"{where}: shown {shown}, expected {value}"
    digits = len(plain.partition(".")[2])
    slack = 0.5 * 10**-digits + 1e-9 + 2e-7 * abs(value)  # the last: float32 in the figure "overflow"
    assert abs(float(plain) - value) <= slack, f"{where}: shown {shown}, expected {value}"


def check_cell(shown: str, value: Any, where: str) -> None:
    if isinstance(value, str):
        assert shown == value, where
    elif isinstance(value, list):
        for part, each in zip(shown.split(", "), value, strict=True):
            check_number(part, each, where)
    else:
        check_number(shown, value, where)


def check(shown: Figures, kind: str, state: State, number: int = 0) -> None:
    """Compare sentence and table of a figure with what NumPy and SciPy compute from its state."""
    sentence, table = EXPECTED[kind](state)
    said = shown.sentence(number)
    found = NUMBER.findall(said)
    if said.startswith(WORDS["sigmoid"]["converged"]):
        found = found[1:]  # "the slope of the cost is 0"
    assert len(found) == len(sentence), f"{kind} {state}: {len(sentence)} numbers expected in {said!r}"
    for text, value in zip(found, sentence, strict=True):
        check_number(text, value, f"{kind} {state}: {said!r}")
    rows = shown.rows(number)
    assert len(rows) == len(table), f"{kind} {state}: {rows}"
    for row, expected in zip(rows, table, strict=True):
        for text, value in zip(row, expected, strict=True):
            check_cell(text, value, f"{kind} {state}: {row}")
    assert shown.errors == []


@pytest.mark.parametrize(
    ("shown", "value", "same"),
    [
        ("0.438", 0.43812, True),
        ("0.438", 0.4386, False),
        ("−0.004921", -0.0049209, True),
        ("0.004921", -0.0049209, False),
        ("2,281", 2281, True),
        ("2,281", 2282, False),
        ("inf", np.inf, True),
        ("inf", 100, False),
        ("100.0", np.inf, False),
        ("nan", np.nan, True),
        ("nan", 0, False),
        ("0.0", np.nan, False),
    ],
)
def test_check_of_a_number(shown: str, value: float, same: bool):
    if same:
        check_number(shown, value, "sample")
    else:
        with pytest.raises(AssertionError, match="sample: shown"):
            check_number(shown, value, "sample")


# --- the numbers


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_from_first_state_to_the_ends_of_every_control(figures, kind: str):
    shown = figures().show(element(kind))
    state = FIRST[kind]
    check(shown, kind, state)
    assert shown.heard() == shown.sentence(), "the first state is there to read"
    for change in WALKS[kind]:
        state = state | change
        shown.set(change)
        check(shown, kind, state)
    assert shown.heard() == shown.sentence(), "where the slider stopped is announced"


@pytest.mark.parametrize("kind", KINDS)
def test_walks_touch_both_ends_of_every_control(figures, kind: str):
    shown = figures().show(element(kind))
    ends = shown.find("input[type=number]").evaluate_all("all => all.map((i) => [i.name, +i.min, +i.max])")
    choices = shown.find("input[type=radio]").evaluate_all("all => all.map((i) => [i.name, i.value])")
    touched = {item for state in [FIRST[kind], *WALKS[kind]] for item in state.items()}
    for name, low, high in ends:
        assert {(name, low), (name, high)} <= touched | ({("z4", 6), ("z4", -6)} if name == "z4" else set())
    assert {tuple(choice) for choice in choices} <= touched


# a piece of the scripts -> a wrong one, for each figure: the checks above must notice it
MISTAKES = {
    "gradient": ("push:p.map((share,i)=>share-y[i])", "push:p.map((share,i)=>1.01*share-y[i])"),
    "both": ("shown:[logits.map(sigmoid),", "shown:[logits.map((z)=>sigmoid(1.01*z)),"),
    "sigmoid": ("y*z+Math.log1p", "y*z+1.001*Math.log1p"),
    "squared-error": ("2*gap(z,y)", "gap(z,y)"),
    "softmax": ("logits.map((z)=>z/state.T)", "logits.map((z)=>z/(state.T+1))"),
    "cross-entropy": ("const entropy=-sum(", "const entropy=-1.01*sum("),
    "overflow": ("const f=Math.fround", "const f=(x)=>x"),
    "threshold": ("from>=threshold", "from>threshold"),
    "shapes": ("cost:mean(groups", "cost:1.001*mean(groups"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_wrong_number_is_noticed(figures, kind: str):
    right, wrong = MISTAKES[kind]
    assert "".join(SCRIPTS.values()).count(right) == 1, f"no longer exactly once in the scripts: {right}"
    mistaken = {name: script.replace(right, wrong) for name, script in SCRIPTS.items()}
    shown = figures().show(element(kind), scripts=mistaken)
    with pytest.raises(AssertionError):
        check(shown, kind, FIRST[kind])
    assert shown.errors == []


# --- the pointer, and what a photo may show, in the figure "both"


def drag(shown: Figures, bar: int, panel: int, to: float) -> None:
    """Press on the grip of a bar (0 to 2, in panel 0 or 1) and draw it to a probability."""
    grip = shown.find(".grip").nth(3 * panel + bar)
    line = shown.find(".grid").nth(2 * panel + 1)  # where the probability is 1; at 1/2 is the one before
    half, one = (shown.find(".grid").nth(2 * panel + i).bounding_box()["x"] for i in (0, 1))
    assert line.bounding_box()["x"] == one
    box = grip.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    shown.page.mouse.move(x, y)
    shown.page.mouse.down()
    shown.page.mouse.move((x + half) / 2, y)
    shown.page.mouse.move(one + (to - 1) * 2 * (one - half), y, steps=3)
    shown.page.mouse.up()


def read_off(shown: Figures) -> np.ndarray:
    return np.array([[float(text.replace("−", "-")) for text in row[1:]] for row in shown.rows()[:3]])


@pytest.mark.parametrize("width", [360, 760])
@pytest.mark.parametrize("panel", [0, 1], ids=["sigmoid", "softmax"])
def test_a_bar_is_dragged(figures, panel: int, width: int):
    """Of three sigmoids one moves, of softmax the others give way; the logits of the others stay in both."""
    shown = figures(width).show(element("both"))
    before = read_off(shown)
    drag(shown, 1, panel, 0.7)
    after = read_off(shown)
    assert abs(after[1, 1 + panel] - 0.7) < 0.02  # a pixel or two
    assert (after[[0, 2], 0] == before[[0, 2], 0]).all() and after[1, 0] != before[1, 0]
    moved = np.sign(after - before)
    assert (moved[[0, 2], 1] == 0).all() and (moved[[0, 2], 2] == -moved[1, 2]).all()
    check(shown, "both", {name: float(value) for name, value in shown.values().items()})
    assert shown.heard()
    drag(shown, 1, panel, 3)
    assert read_off(shown)[1, 0] <= 6
    assert shown.errors == []


def test_a_press_beside_the_bars_changes_nothing(figures):
    shown = figures().show(element("both"))
    before = shown.rows()
    box = shown.find("svg[role=img]").bounding_box()
    for x, y in ((0.3, 0.05), (0.48, 0.5), (0.3, 0.95)):
        shown.page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        shown.page.mouse.down()
        shown.page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + y * box["height"], steps=3)
        shown.page.mouse.up()
    assert shown.rows() == before


@pytest.mark.parametrize(("word", "yes"), [("two", 2), ("one", 1), ("none", 0)])
def test_what_a_photo_may_show(figures, word: str, yes: int):
    shown = figures().show(element("both"))
    shown.press(WORDS["both"][word])
    assert (read_off(shown)[:, 1] > 0.5).sum() == yes
    said = WORDS["both"][["yes_none", "yes_one", "yes_several"][yes]].partition("{")[0]
    assert shown.sentence().startswith(said)


# --- gradient descent in the figure "sigmoid"


def descended(w: float, b: float, steps: int) -> tuple[float, float]:
    for _ in range(steps):
        gap = special.expit(w * X + b) - Y
        w, b = w - 0.5 * (gap * X).mean(), b - 0.5 * gap.mean()
    return w, b


def where_it_stands(shown: Figures) -> State:
    return {name: float(value) for name, value in shown.values().items()}


def test_steps_of_gradient_descent(figures):
    shown = figures().show(element("sigmoid", 'params=\'{"w": -2, "b": 3}\''))
    w, b, done = -2.0, 3.0, 0
    for word, steps, key in [("1 step", 1, "Enter"), ("10 steps", 10, "Space"), ("100 steps", 100, "Enter")]:
        shown.press(word, key)
        w, b = descended(w, b, steps)
        done += steps
        at = where_it_stands(shown)
        assert at == pytest.approx({"w": w, "b": b}, abs=2e-4), f"after {done} steps"
        said = shown.sentence()
        assert said.startswith(f"{done} step{'s' if done > 1 else ''} of gradient descent"), said
        gap = special.expit(at["w"] * X + at["b"]) - Y
        flat = max(abs((gap * X).mean()), abs(gap.mean())) < 1e-4
        assert (WORDS["sigmoid"]["converged"] in said) == flat
    loss = binary_losses(at["w"] * X + at["b"], Y).mean()
    assert f"cross-entropy {loss:.3f}." in shown.heard()
    assert shown.query() == {"w": f"{at['w']:g}", "b": f"{at['b']:g}"}
    shown.type("b", 1)
    assert "gradient descent" not in shown.sentence(), "a change by hand starts a new count"


def test_steps_lead_to_the_best_fit(figures):
    best = optimize.minimize(lambda v: binary_losses(v[0] * X + v[1], Y).mean(), [1, 0], tol=1e-12)
    for start in ("w=1&b=0", "w=-6&b=6", "w=6&b=-6"):
        shown = figures().show(element("sigmoid"), f"#lab-sigmoid?{start}")
        for _ in range(3):
            shown.press("100 steps")
        at = where_it_stands(shown)
        assert at == pytest.approx(dict(zip("wb", best.x, strict=True)), abs=2e-3)
        assert WORDS["sigmoid"]["converged"] in shown.sentence()
        assert f"entropy {best.fun:.3f}." in shown.sentence()


def test_steps_are_seen_unless_the_reader_wants_no_motion(figures):
    record = """() => {
      const root = document.querySelector("loss-lab").shadowRoot, seen = new Set();
      new MutationObserver(() => seen.add(root.querySelector(".say").textContent.split(" ")[0]))
        .observe(root.querySelector(".say"), { childList: true });
      window.seen = seen;
    }"""
    for motion, frames in [(True, 25), (False, 1)]:
        shown = figures(motion=motion).show(element("sigmoid"))
        shown.page.evaluate(record)
        shown.press("100 steps")
        shown.page.wait_for_function("seen.has('100')")
        assert shown.page.evaluate("seen.size") == frames
        w, b = descended(1, 0, 100)
        # every frame is rounded to four decimals
        assert where_it_stands(shown) == pytest.approx({"w": w, "b": b}, abs=5e-4)
        shown.heard()


# --- controls


@pytest.mark.parametrize("kind", KINDS)
def test_sliders_by_keyboard(figures, kind: str):
    shown = figures().show(element(kind, "params='{\"classes\": 5}'"))
    names = shown.find("input[type=range]:visible").evaluate_all("all => all.map((input) => input.name)")
    assert names or kind == "shapes"
    for name in names:
        field = shown.find(f"input[type=number][name={name}]")
        low, high, step = (field.get_attribute(what) for what in ("min", "max", "step"))
        shown.tab_to(type="range", name=name)
        shown.page.keyboard.press("End")
        assert float(field.input_value()) == float(high)
        shown.page.keyboard.press("Home")
        assert float(field.input_value()) == float(low)
        shown.page.keyboard.press("ArrowRight")
        by = (
            0.04 if step == "any" else float(step)
        )  # the slider of "overflow" grows by the factor 1000^(1/200)
        assert float(field.input_value()) == pytest.approx(float(low) + by)
        assert (
            shown.find(f"input[type=range][name={name}]").get_attribute("aria-valuetext")
            == field.input_value()
        )
    assert shown.errors == []


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_out_of_range_give_way(figures, kind: str):
    shown = figures().show(element(kind))
    for name, high in shown.find("input[type=number]:visible").evaluate_all(
        "all => all.map((i) => [i.name, i.max])"
    ):
        shown.type(name, 99999)
        assert shown.values()[name] == high
        shown.tab_to(type="number", name=name)
        shown.page.keyboard.press("ControlOrMeta+a")
        shown.page.keyboard.press("Delete")
        shown.page.keyboard.press("Tab")
        assert shown.values()[name] == high, "deleted, it comes back"
    if kind == "threshold":
        shown.type("T", 1.3)
        assert shown.values()["T"] == "1.25", "the nearest one that there is"
    check(
        shown,
        kind,
        FIRST[kind]
        | {n: v if isinstance(FIRST[kind][n], str) else float(v) for n, v in shown.values().items()},
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_control_has_a_name(figures, kind: str):
    shown = figures().show(element(kind))
    tree = shown.find(".box").aria_snapshot()
    for line in tree.splitlines():
        found = re.match(r"\s*- (slider|spinbutton|radio|button|group|img|status)\b(.*)", line)
        named = found and (
            '"' in found[2] or found[2].startswith(":")
        )  # after the colon: what a status or details says
        assert not found or named, line
    assert tree.startswith(f'- group "{WORDS[kind]["title"]}"')


@pytest.mark.parametrize("kind", KINDS)
def test_reset(figures, kind: str):
    shown = figures().show(element(kind))
    first = shown.sentence(), shown.rows(), shown.values()
    for change in WALKS[kind][:4]:
        shown.set(change)
    assert shown.values() != first[2]
    shown.press(WORDS["reset"])
    assert (shown.sentence(), shown.rows(), shown.values()) == first
    check(shown, kind, FIRST[kind])


def test_a_quick_slider_writes_the_address_once_it_rests(figures):
    """Safari throws if an address is changed a hundred times in half a minute."""
    shown = figures()
    shown.page.clock.install()  # the page's clock, so that a quick slider is not slow on a busy machine
    shown.show(element("sigmoid"))
    shown.page.evaluate("window.times = 0; const was = history.replaceState.bind(history);"
                        " history.replaceState = (...all) => { times++; was(...all); }; 0")  # fmt: skip
    shown.tab_to(type="range", name="w")
    shown.page.clock.pause_at(datetime.now() + timedelta(minutes=1))
    for _ in range(40):
        shown.page.keyboard.press("ArrowRight")
        shown.page.clock.run_for(10)
    assert shown.page.evaluate("times") == 0, "while it moves"
    shown.page.clock.run_for(1000)
    assert shown.heard() and shown.query() == {"w": "5", "b": "0"}
    assert shown.page.evaluate("times") == 1


# --- the address


@pytest.mark.parametrize("kind", KINDS)
def test_address_leads_back(figures, kind: str):
    shown = figures().show(element(kind))
    for change in WALKS[kind]:
        shown.set(change)
    # the address is written once the reader pauses, so a slow walk may have written some earlier state of it
    shown.page.wait_for_function(
        "values => { const told = new URLSearchParams(location.hash.split('?')[1]);"
        " return Object.entries(values).every(([name, value]) => told.get(name) === value); }",
        arg=shown.values(),
    )
    told, fragment = (shown.sentence(), shown.rows(), shown.values()), "#" + urlsplit(shown.page.url).fragment
    assert fragment.startswith(f"#lab-{kind}?")
    again = figures().show("<p>above</p>" * 60 + element(kind), fragment)
    assert (again.sentence(), again.rows(), again.values()) == told
    assert again.page.evaluate("scrollY") > 0, "the figure is in view"
    again.page.evaluate(f"location.hash = '#lab-{kind}?nothing=1'")
    again.page.wait_for_function(
        "told => document.querySelector('loss-lab').shadowRoot.querySelector('.say').textContent !== told",
        arg=told[0],
    )
    check(again, kind, FIRST[kind])


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?",
        "?w=abc&z=&T=NaN&layout=__proto__&label=5",
        "?w=Infinity&__proto__=1&constructor=2",
        "?%E0%A4%A",
    ],
)
def test_bad_address_changes_nothing(figures, query: str):
    shown = figures()
    for kind in KINDS:
        check(shown.show(element(kind), f"#lab-{kind}{query}"), kind, FIRST[kind])


@pytest.mark.parametrize("fragment", ["#elsewhere?w=2", "#?w=2", "#?", "#%E0%A4%A"])
def test_address_of_something_else_changes_nothing(figures, fragment: str):
    shown = figures().show("<p>above</p>" * 60 + element("sigmoid"), fragment)
    check(shown, "sigmoid", FIRST["sigmoid"])
    assert shown.page.evaluate("scrollY") == 0


def test_address_out_of_range_is_brought_inside(figures):
    shown = figures().show(element("sigmoid"), "#lab-sigmoid?w=1e9&b=-7")
    check(shown, "sigmoid", {"w": 6, "b": -6})


def test_two_figures_on_a_page_do_not_clash(figures):
    shown = figures().show(element("shapes") + element("sigmoid") + element("sigmoid", "params='{\"w\": 3}'"))
    shown.type("w", 2, number=2)
    shown.heard(2)
    assert "#lab-sigmoid-2?w=2" in shown.page.url
    check(shown, "shapes", FIRST["shapes"], 0)
    check(shown, "sigmoid", {"w": 1, "b": 0}, 1)
    shown.choose("axis", "0", number=0)
    shown.heard(0)
    check(shown, "shapes", {"layout": "Cm", "axis": "0"}, 0)
    check(shown, "sigmoid", {"w": 1, "b": 0}, 1)
    check(shown, "sigmoid", {"w": 2, "b": 0}, 2)
    assert "#lab-shapes?" in shown.page.url


# --- what an author may write


def test_params_are_the_first_state_and_what_reset_leads_to(figures):
    shown = figures().show(element("softmax", 'params=\'{"classes": 4, "T": "2", "z1": null, "z9": 1}\''))
    start = FIRST["softmax"] | {"classes": "4", "T": 2}
    check(shown, "softmax", start)
    shown.type("T", 5)
    shown.press(WORDS["reset"])
    check(shown, "softmax", start)


@pytest.mark.parametrize("params", ["", "{", "5", "null", "[]", '"w"', '{"w": "much"}'])
def test_bad_params_change_nothing(figures, params: str):
    check(figures().show(element("sigmoid", f"params='{params}'")), "sigmoid", FIRST["sigmoid"])


def broken(**changes: Any) -> str:
    return json.dumps({name: value for name, value in (DATA | changes).items() if value is not None})


@pytest.mark.parametrize(
    "attributes",
    [
        "data=''",
        "data='{'",
        "data='{}'",
        "data='[1, 2]'",
        f"data='{broken(nll=None)}'",
        f"data='{broken(nll=['a'] * 11)}'",
        f"data='{broken(edges=[0, 1])}'",
        f"data='{broken(temperatures=[])}'",
        f"data='{broken(count=DATA['count'][:-1])}'",
        f"data='{broken(right=[row[:-1] for row in DATA['right']])}'",
    ],
)
def test_missing_data_leaves_the_fallback(figures, attributes: str):
    shown = figures().show(element("threshold", attributes))
    assert shown.page.locator("loss-lab").inner_text() == "the fallback"
    assert shown.page.locator("loss-lab").evaluate("lab => lab.getBoundingClientRect().height") > 10
    assert shown.errors == []


def test_unknown_kind_leaves_the_fallback(figures):
    shown = figures().show(element("sigmund") + element("constructor") + "<loss-lab>plain</loss-lab>")
    assert shown.page.locator("loss-lab").all_inner_texts() == ["the fallback", "the fallback", "plain"]
    assert shown.errors == []


@pytest.mark.parametrize("kind", KINDS)
def test_without_scripts_the_fallback_is_read(figures, kind: str):
    shown = figures(width=360, javascript=False).show(element(kind))
    lab = shown.page.locator("loss-lab")
    assert lab.inner_text() == "the fallback"
    assert lab.bounding_box()["height"] < 100, "no space kept for a figure that will not come"


@pytest.mark.parametrize("width", [360, 760])
def test_page_does_not_jump_when_the_scripts_come(figures, width: int):
    body = "".join(element(kind) for kind in KINDS)
    tall = "labs => labs.map((lab) => lab.getBoundingClientRect().height)"
    before = figures(width).show(body, scripts={}).page.locator("loss-lab").evaluate_all(tall)
    after = figures(width).show(body).page.locator("loss-lab").evaluate_all(tall)
    assert before == pytest.approx(after, rel=0.2)  # fonts differ


EMBEDDED = re.compile(r"<loss-lab\b([^>]*)>")


@pytest.mark.parametrize("page", sorted(BOOK.glob("*.md")), ids=lambda path: path.stem)
def test_figures_of_the_book(page: Path):
    for written in EMBEDDED.findall(page.read_text(encoding="utf-8")):
        kind = re.search(r'\bkind="([\w-]+)"', written)
        assert kind and kind[1] in KINDS + ELSEWHERE, f"{page.name}: no such figure: {written}"
        params = re.search(r"\bparams='([^']*)'", written)
        assert set(json.loads(params[1]) if params else {}) <= set(FIRST.get(kind[1], {})), (
            f"{page.name}: {written}"
        )


SHOWING = [name for name in serve.pages(SITE) if "<loss-lab" in (SITE / name).read_text(encoding="utf-8")]


def test_pages_load_the_scripts_that_are_tested_here():
    assert sorted(path.name for path in (SITE / "_static").glob("loss-lab*")) == sorted(SCRIPTS)
    for name, script in SCRIPTS.items():
        assert (SITE / "_static" / name).read_text(encoding="utf-8") == script
    assert len(SHOWING) >= len(KINDS) - 1, "make book has built no page with figures"
    for name in serve.pages(SITE):
        loaded = [path.name for path in site_check.figure_scripts(SITE / name)]
        assert loaded == lab_bundle.needed((SITE / name).read_text(encoding="utf-8")), name


@pytest.mark.parametrize("name", SHOWING)
def test_numbers_on_the_pages_of_the_site(new_page, site, name: str):
    """What the page shows first, with the parameters and the data that it has there."""
    visit = new_page()
    shown = Figures(visit.open(site.url + name))
    read = "labs => labs.map((lab) => ['kind', 'params', 'data'].map((name) => lab.getAttribute(name)))"
    for number, (kind, params, data) in enumerate(shown.page.locator("loss-lab").evaluate_all(read)):
        if kind in ELSEWHERE:
            continue
        state = FIRST[kind] | json.loads(params or "{}")
        check(shown, kind, state | ({"data": json.loads(data)} if data else {}), number)
    assert visit.faults == []


# --- how it looks


@pytest.mark.parametrize("width", [320, 360, 760])
@pytest.mark.parametrize("kind", KINDS)
def test_room_on_the_page(figures, kind: str, width: int):
    shown = figures(width).show(element(kind, "params='{\"classes\": 5}'"))
    shown.find("summary").click()
    for change in [{}, *WALKS[kind]]:
        shown.set(change)
        assert shown.page.evaluate("document.documentElement.scrollWidth") <= width
        small = shown.find("text").evaluate_all(
            "all => all.map((text) => [text.textContent, parseFloat(getComputedStyle(text).fontSize) *"
            " text.ownerSVGElement.getBoundingClientRect().width / text.ownerSVGElement.viewBox.baseVal.width])"
        )
        assert [text for text, size in small if size < 11] == []
        cut = shown.find("text").evaluate_all(
            "all => all.filter((text) => {"
            " const [a, b] = [text, text.ownerSVGElement].map((e) => e.getBoundingClientRect());"
            " return a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 3 || a.bottom > b.bottom + 3; })"
            ".map((text) => text.textContent)"
        )
        assert cut == [], "text that the drawing cuts off"
    targets = shown.find("button, summary, label, input[type=range], input[type=number]").evaluate_all(
        "all => all.filter((e) => e.checkVisibility()).map((e) => [e.textContent || e.name, e.getBoundingClientRect()])"
    )
    assert targets and [name for name, box in targets if min(box["width"], box["height"]) < 24] == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 760])
def test_axe(figures, dark: bool, width: int):
    shown = figures(width).show("".join(f"<h2>{kind}</h2>{element(kind)}" for kind in KINDS), dark=dark)
    for number in range(len(KINDS)):
        shown.find("summary", number).click()
    found = Axe().run(shown.page)
    assert found.violations_count == 0, found.generate_report()


def luminance(colour: str) -> float:
    parts = np.array([int(part) for part in re.findall(r"\d+", colour)[:3]]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_contrast_of_what_is_drawn(figures, dark: bool):
    """Axe does not look into drawings."""
    shown = figures().show("".join(element(kind) for kind in KINDS), dark=dark)
    drawn = shown.page.locator("loss-lab svg :is(path, rect, circle, text):not(.grid)").evaluate_all(
        "all => all.map((e) => { const { fill, stroke } = getComputedStyle(e);"
        " return [e.localName, e.getAttribute('class') ?? '', fill, stroke]; })"
    )
    paper = shown.find(".box").evaluate("box => getComputedStyle(box).backgroundColor")
    bars = {kind: fill for _, kind, fill, _ in drawn if kind in ("bar-1", "bar-3")}
    assert {"bar-1", "bar-3"} <= set(bars) and len(drawn) > 200
    for tag, kind, fill, stroke in set(map(tuple, drawn)):
        if tag == "text":
            behind = bars.get(kind.removeprefix("on-"), paper) if kind.startswith("on-") else paper
            assert contrast(fill, behind) >= 4.5, (kind, fill, behind)
        elif kind not in ("series-inside", "diagonal-edge"):  # pale on purpose: what lies on it stands out
            assert (
                max(contrast(colour, paper) for colour in (fill, stroke) if colour.startswith("rgb(")) >= 3
            ), kind


# --- the scripts


@pytest.mark.parametrize("name", SHOWING)
def test_scripts_of_a_page_are_small(name: str):
    loaded = site_check.figure_scripts(SITE / name)
    assert loaded
    assert sum(len(gzip.compress(path.read_bytes())) for path in loaded) < 14_000


# the smallest figure that there can be
DICE = """// Figure "dice": what an even throw surprises by.

import { bars } from "./parts/bars.js";
import { phrase, text } from "./parts/phrase.js";

export const figure = {
  controls: [{ name: "sides", min: 2, max: 20, step: 1, value: 6 }],
  legend: [{ bar: "bar-1", word: "surprise" }],
  measure: ({ sides }) => ({ nats: Math.log(sides) }),
  draw: (_, { nats }, width, words) =>
    bars(width, [{ name: words.die, bars: [{ parts: [{ look: "bar-1", value: nats }], note: text(nats, 3) }] }],
      { to: 3, digits: 2, label: words.surprise }),
  say: ({ nats }, words) => phrase(words.result, { nats: text(nats, 3) }),
  rows: ({ nats }, words) => [[words.die, text(nats, 3)]],
};
"""
DICE_WORDS = {
    "title": "A fair die",
    "sides": "Sides",
    "die": "die",
    "surprise": "−ln p",
    "result": "A throw surprises by {nats} nats.",
    "columns": ["what", "nats"],
}


def test_another_figure_is_a_file_and_its_words_and_changes_nothing_for_other_pages(figures, tmp_path: Path):
    lab = shutil.copytree(lab_bundle.LAB, tmp_path / "lab")
    (lab / "dice.js").write_text(DICE, encoding="utf-8")
    more = lab_bundle.scripts(WORDS | {"dice": DICE_WORDS}, lab)
    assert {name: more[name] for name in SCRIPTS} == SCRIPTS
    assert set(more) - set(SCRIPTS) == {"loss-lab-dice.js"}
    for name in serve.pages(SITE):
        assert "loss-lab-dice.js" not in lab_bundle.needed((SITE / name).read_text(encoding="utf-8"))
    shown = figures().show(element("dice") + element("sigmoid"), scripts=more)
    assert shown.sentence(0) == f"A throw surprises by {np.log(6):.3f} nats."
    shown.type("sides", 2)
    assert shown.rows(0) == [["die", f"{np.log(2):.3f}"]]
    check(shown, "sigmoid", FIRST["sigmoid"], 1)


def test_every_figure_is_tested_here():
    assert sorted(path.stem for path in lab_bundle.LAB.glob("*.js")) == sorted(KINDS + ELSEWHERE)


def test_words_are_where_they_are_needed_alone():
    for kind in KINDS:
        title = WORDS[kind]["title"]
        having = [name for name, script in SCRIPTS.items() if title in script]
        assert having == [lab_bundle.file_name(kind)]


def test_figure_whose_script_does_not_come_leaves_the_fallback(figures):
    scripts = {name: script for name, script in SCRIPTS.items() if name != "loss-lab-sigmoid.js"}
    shown = figures().show(element("sigmoid") + element("shapes"), scripts=scripts)
    assert shown.page.locator("loss-lab").first.inner_text() == "the fallback"
    check(shown, "shapes", FIRST["shapes"], 1)


LATER = element("shapes", 'src="loss-lab-shapes.js" later')


def test_figure_below_is_fetched_when_the_reader_comes_near(figures):
    """Until then its space is kept, so that what stands below it does not move."""
    asked = []
    shown = figures()
    shown.page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    shown.show(f"{element('sigmoid')}<div style='height: 300vh'></div>{LATER}<p id='end'>end</p>")
    check(shown, "sigmoid", FIRST["sigmoid"], 0)
    assert "/loss-lab-shapes.js" not in asked
    before = shown.page.locator("loss-lab").nth(1).bounding_box()["height"]
    assert before > 400
    shown.page.locator("#end").scroll_into_view_if_needed()
    shown.find(".say", 1).wait_for()
    check(shown, "shapes", FIRST["shapes"], 1)
    assert asked.count("/loss-lab-shapes.js") == 1
    shown.set({"axis": "0"}, 1)
    check(shown, "shapes", FIRST["shapes"] | {"axis": "0"}, 1)
    assert shown.errors == []


def test_address_fetches_a_figure_far_below(figures):
    shown = figures().show(f"<div style='height: 900vh'></div>{LATER}", "#lab-shapes?axis=0&layout=mC")
    shown.find(".say").wait_for()
    check(shown, "shapes", {"axis": "0", "layout": "mC"})
    expect(shown.page.locator("loss-lab")).to_be_in_viewport()


def test_figure_whose_later_script_does_not_come_leaves_the_fallback(figures):
    shown = figures().show(element("shapes", 'src="nowhere.js" later') + element("sigmoid"))
    expect(shown.page.locator("loss-lab").first).not_to_have_attribute("src", re.compile(""))
    expect(shown.page.get_by_text("the fallback").first).to_be_visible()
    assert [error for error in shown.errors if "ERR_FAILED" not in error] == []
    shown.errors.clear()  # the browser's own word that a script did not come
    check(shown, "sigmoid", FIRST["sigmoid"], 1)


def test_page_names_the_scripts_that_come_later():
    body = (
        '<loss-lab kind="one" later></loss-lab><loss-lab kind="two" data=\'{"later": 1}\' later></loss-lab>'
    )
    assert lab_bundle.needed(body) == ["loss-lab.js"]
    sources = re.findall(r'src="([^"]*)"', lab_bundle.with_sources(body, "../_static"))
    assert sources == ["../_static/loss-lab-one.js", "../_static/loss-lab-two.js"]
    at_once = body + '<loss-lab kind="two" data="later"></loss-lab>'
    assert lab_bundle.needed(at_once) == ["loss-lab.js", "loss-lab-two.js"]
    assert lab_bundle.with_sources(at_once, "..").count("src=") == 1


def test_room_is_kept_until_the_last_script_has_come(figures):
    """Otherwise the page would jump twice if a figure's own script comes late."""
    scripts = dict(SCRIPTS)
    scripts["loss-lab-shapes.js"] += "window.alive = !!customElements.get('loss-lab');"
    shown = figures().show(element("sigmoid") + element("shapes"), scripts=scripts)
    assert shown.page.evaluate("alive") is False
    check(shown, "shapes", FIRST["shapes"], 1)


def test_names_that_clash_are_refused(tmp_path: Path):
    (tmp_path / "one.js").write_text("export const LEAST = 1;\n", encoding="utf-8")
    (tmp_path / "main.js").write_text('import { LEAST } from "./one.js";\nalert(LEAST);\n', encoding="utf-8")
    script, names = lab_bundle.shared_script(tmp_path, {"a": "b"})
    assert names == {"LEAST"} and script.index("const LEAST") < script.index("alert(LEAST)")
    (tmp_path / "main.js").write_text(
        'import { LEAST } from "./one.js";\nconst LEAST = 2;\n', encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"main\.js declares LEAST, and so does one\.js"):
        lab_bundle.shared_script(tmp_path, {})


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("const figure = {};\n", r"dice\.js exports no `figure`"),
        (
            'import { bars, nothing } from "./parts/bars.js";\nexport const figure = {};\n',
            r"imports nothing, which no",
        ),
        (
            'import { X } from "./sigmoid.js";\nexport const figure = {};\n',
            r"imports sigmoid\.js: what figures",
        ),
        ('import * as all from "./parts/dom.js";\nexport const figure = {};\n', r"not import \* as all"),
    ],
)
def test_figure_that_could_not_run_is_refused(tmp_path: Path, source: str, said: str):
    lab = shutil.copytree(lab_bundle.LAB, tmp_path / "lab")
    (lab / "dice.js").write_text(source, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        lab_bundle.scripts(WORDS | {"dice": DICE_WORDS}, lab)


def test_figure_without_words_and_words_without_a_figure_are_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="dice: a figure needs a file in lab/ and words"):
        lab_bundle.scripts(WORDS | {"dice": DICE_WORDS})
    with pytest.raises(ValueError, match="shapes: a figure needs a file in lab/ and words"):
        lab_bundle.scripts({name: said for name, said in WORDS.items() if name != "shapes"})


def test_page_with_a_figure_of_no_kind_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    static = tmp_path / "_static"
    static.mkdir()
    for name in SCRIPTS:
        (static / name).touch()
    loaded, warned = [], []
    app = SimpleNamespace(outdir=tmp_path, add_js_file=loaded.append)
    monkeypatch.setattr(lab_bundle.log, "warning", lambda text, *parts, **_: warned.append(text % parts))
    for body in ("<p>no figure</p>", element("sigmoid") + element("shapes") + element("sigmoid")):
        lab_bundle.load_scripts(app, "book/page", "page.html", {"body": body}, None)
    assert (loaded, warned) == (["loss-lab.js", "loss-lab-sigmoid.js", "loss-lab-shapes.js"], [])
    for body, name in (
        (element("sigmund"), "loss-lab-sigmund.js"),
        ("<loss-lab>words</loss-lab>", "loss-lab-.js"),
    ):
        lab_bundle.load_scripts(app, "book/page", "page.html", {"body": body}, None)
        assert warned.pop() == f"a <loss-lab> has an unknown kind: there is no {name}"
