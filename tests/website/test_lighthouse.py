"""website/lighthouse.py with made-up reports and programs; `make lighthouse` runs the real thing."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from website import browser, lighthouse

GOOD = {"performance": 0.97, "accessibility": 1, "best-practices": 1, "seo": 1}


def report(requests: int = 30, size: int = 200_000, fcp: float = 900, **scores: float) -> dict[str, Any]:
    """Return what is read of one of Lighthouse's reports."""
    items = [{"url": f"http://127.0.0.1/{i}", "transferSize": size / requests} for i in range(requests)]
    audits: dict[str, Any] = {
        "network-requests": {"details": {"items": [*items, {"url": "data:,", "transferSize": 9}]}}
    }
    audits |= {name: {"numericValue": fcp, "title": name, "score": 1} for name in lighthouse.TIMES}
    audits["image-alt"] = {
        "title": "Images have no alt",
        "score": scores.get("accessibility", 1),
        "details": {"items": [{"node": {"selector": "main > img"}}]},
    }
    parts = {
        name: {"score": score, "auditRefs": []}
        for name, score in (GOOD | {n.replace("_", "-"): s for n, s in scores.items()}).items()
    }
    parts["accessibility"]["auditRefs"] = [{"id": "image-alt", "weight": 10}]
    parts["performance"]["auditRefs"] = [{"id": "first-contentful-paint", "weight": 10}]
    return {"categories": parts, "audits": audits}


def test_median_counts():
    reports = [
        report(fcp=800, performance=0.9),
        report(fcp=3000, performance=0.99),
        report(fcp=900, performance=0.96),
    ]
    result = lighthouse.measured("a.html", "mobile", reports)
    assert result.scores["performance"] == pytest.approx(96)
    assert result.times["first-contentful-paint"] == 900
    assert (result.requests, result.size) == (30, pytest.approx(200_000)), "a data: address asks no server"
    assert result.below() == []


@pytest.mark.parametrize(
    ("device", "seen", "missed"),
    [
        ("mobile", {"performance": 0.95}, []),
        ("mobile", {"performance": 0.94}, ["performance"]),
        ("desktop", {"performance": 0.99}, ["performance"]),
        ("mobile", {"accessibility": 0.99}, ["accessibility"]),
        ("mobile", {"best_practices": 0.96}, ["best practices"]),
        ("desktop", {"seo": 0.92}, ["SEO"]),
        ("mobile", {"size": 250_001}, ["bytes"]),
        ("mobile", {"requests": 36}, ["requests"]),
        ("desktop", {"size": 260_000, "seo": 0.5}, ["SEO", "bytes"]),
    ],
)
def test_each_bar_is_held(device: str, seen: dict[str, float], missed: list[str]):
    desktop = {} if device == "mobile" else {"performance": 1}
    result = lighthouse.measured("a.html", device, [report(**(desktop | seen))])
    assert [bar.what for bar in result.below()] == missed
    text = lighthouse.table([result])
    assert ("Every page is within the limits." in text) == (not missed)
    assert text.count("- a.html") >= len(missed)


def test_score_that_could_not_be_computed_counts_as_none():
    failed = report()
    failed["categories"]["seo"]["score"] = None
    assert [bar.what for bar in lighthouse.measured("a.html", "mobile", [failed]).below()] == ["SEO"]


def test_table_says_what_costs_a_score():
    text = lighthouse.table([lighthouse.measured("a.html", "mobile", [report(accessibility=0.8)])])
    assert "- a.html, mobile: accessibility: Images have no alt main > img" in text
    assert (
        "| a.html | mobile | 97 | 80 | 100 | 100 | 200,000 | 30 | 900 ms | 900 ms | 900 ms | 900.000 |"
        in text
    )


class Machine:
    """A folder with a built site and a pinned Lighthouse, and every program that is called."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch):
        self.called: list[list[str]] = []
        self.answer: dict[str, Any] | None = report()
        self.code = 0
        for name in ("html/index.html", "html/404.html", "html/book/index.html", "html/search.html"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("<h1>Page</h1>", encoding="utf-8")
        (folder / "pinned").mkdir()
        for name in ("package.json", "package-lock.json"):
            (folder / "pinned" / name).write_text("{}", encoding="utf-8")
        self.pinned, self.installed, self.built = folder / "pinned", folder / "installed", folder / "html"
        for name, path in {
            "ROOT": folder,
            "SITE": self.built,
            "TABLE": folder / "lighthouse.md",
            "PINNED": self.pinned,
            "INSTALLED": self.installed,
        }.items():
            monkeypatch.setattr(lighthouse, name, path)
        monkeypatch.setattr(lighthouse.subprocess, "run", self.run)
        monkeypatch.setattr(browser, "find_or_install", lambda: Path("/bin/chromium"))

    def run(self, command: list[Any], **_: object) -> subprocess.CompletedProcess:
        words = [str(word) for word in command]
        self.called.append(words)
        if "ci" in words:
            program = self.installed / "node_modules/lighthouse/cli/index.js"
            program.parent.mkdir(parents=True, exist_ok=True)
            program.write_text("", encoding="utf-8")
        elif self.answer is not None:
            (output,) = (word for word in words if word.startswith("--output-path="))
            Path(output.removeprefix("--output-path=")).write_text(json.dumps(self.answer), encoding="utf-8")
        return subprocess.CompletedProcess(command, self.code, stdout="", stderr="first\nlast line")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_every_page_is_measured_on_both_devices(machine: Machine, capsys: pytest.CaptureFixture):
    machine.answer = report(performance=1)
    assert lighthouse.main(["--runs", "2"]) == 0
    npm, *runs = machine.called
    assert "ci" in npm and "--ignore-scripts" in npm
    asked = [next(word for word in run if word.startswith("http://")).split("/course/")[1] for run in runs]
    assert asked == ["book/index.html"] * 4 + ["search.html"] * 4, "neither the redirect nor the 404 page"
    assert ["--preset=desktop" in run for run in runs] == [False, False, True, True] * 2
    assert all("--chrome-path=/bin/chromium" in run for run in runs)
    text = lighthouse.TABLE.read_text(encoding="utf-8")
    assert text in capsys.readouterr().out
    assert len([line for line in text.splitlines() if ".html |" in line]) == 4


def test_page_below_a_bar_fails(machine: Machine):
    machine.answer = report(performance=0.5)
    assert lighthouse.main(["--runs", "1", "--pages", "search.html"]) == 1
    assert "Outside the limits" in lighthouse.TABLE.read_text(encoding="utf-8")


def test_lighthouse_is_installed_once_for_each_lock(machine: Machine):
    lighthouse.install()
    lighthouse.install()
    assert len(machine.called) == 1
    (machine.pinned / "package-lock.json").write_text('{"a": 1}', encoding="utf-8")
    lighthouse.install()
    assert len(machine.called) == 2


@pytest.mark.parametrize(
    ("arguments", "answer", "code", "said"),
    [
        (
            ["--pages", "gone.html"],
            None,
            0,
            "no such page: gone.html. There are: book/index.html, search.html",
        ),
        (["--pages", "search.html"], None, 0, "Lighthouse failed on http://"),
        (["--pages", "search.html"], report(), 1, "npm could not install Lighthouse: first last line"),
        (["--pages", "search.html"], {"runtimeError": {"message": "NO_FCP"}}, 0, "NO_FCP"),
    ],
)
def test_what_fails_is_said(
    machine: Machine, capsys: pytest.CaptureFixture, arguments: list[str], answer: Any, code: int, said: str
):
    machine.answer, machine.code = answer, code
    assert lighthouse.main(arguments) == 1
    assert said in capsys.readouterr().err


def test_lighthouse_that_hangs_is_said(machine: Machine, monkeypatch: pytest.MonkeyPatch):
    def hang(command: list, **_: object) -> None:
        raise subprocess.TimeoutExpired(command, 1)

    monkeypatch.setattr(lighthouse.subprocess, "run", hang)
    with pytest.raises(lighthouse.LighthouseError, match=r"had not measured http://a/b after 5 minutes"):
        lighthouse.run(Path("lighthouse"), Path("chromium"), "http://a/b", "mobile")


def test_without_a_site_it_says_how_to_get_one(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(lighthouse, "SITE", tmp_path / "nothing")
    with pytest.raises(lighthouse.LighthouseError, match="run make book"):
        lighthouse.choose([])


def test_less_than_one_run_is_refused(capsys: pytest.CaptureFixture):
    with pytest.raises(SystemExit):
        lighthouse.main(["--runs", "0"])
    assert "at least one run" in capsys.readouterr().err


def test_lock_pins_every_package_and_names_no_registry():
    folder = lighthouse.PINNED
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
    wanted = json.loads((folder / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert lock["packages"][""]["dependencies"] == wanted
    assert packages["node_modules/lighthouse"]["version"] == wanted["lighthouse"]
    assert [
        name for name, entry in packages.items() if not entry.get("integrity", "").startswith("sha512-")
    ] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
