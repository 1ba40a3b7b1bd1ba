"""Build the site and fail on any warning.

Jupyter Book can end with exit code 0 although a page failed, so its log is read as well. What it builds without a word
although a merge was not finished is looked for before it starts.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from course.conflicts import conflict_marks
from course.paths import BUILD, ROOT

LOG = BUILD / "build.log"
TROUBLE = re.compile(r"\b(?:WARNING|ERROR|CRITICAL)\b|Traceback \(most recent call last\)")


def troubles(log: str) -> list[str]:
    """Return the lines of a build log that report a warning or an error, without colour codes."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", log)
    return [line for line in plain.splitlines() if TROUBLE.search(line)]


def unfinished_merges(source: Path) -> list[str]:
    """Return where a page's text or notebook holds the marks of an unfinished merge, as lines of a build log."""
    files = [*source.glob("*.md"), *source.glob("*.ipynb")]
    for folder in ("book", "notebooks", "assignments"):
        files += [path for path in (source / folder).rglob("*.*") if path.suffix in (".md", ".ipynb")]
    return [
        f"{path.relative_to(source).as_posix()}, line {line}: ERROR: {mark!r} is a mark of an unfinished merge: keep "
        "what is right of the two versions, delete all marks, run make sync, then make book"
        for path in sorted(files)
        for line, mark in conflict_marks(as_written(path))
    ]


def as_written(path: Path) -> str:
    """Return the text of a file; of a notebook each line without the quotes that JSON puts round it."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".ipynb":
        text = re.sub(r'^\s*"(.*?)(?:\\n)?",?$', r"\1", text, flags=re.M).replace('\\"', '"')
    return text


def build(source: Path = ROOT) -> tuple[int, str]:
    """Build the book in `source` into `source`/_build; return the exit code of jupyter-book and what it printed."""
    if marks := unfinished_merges(source):
        return 1, "\n".join(marks)
    program = Path(sys.executable).with_name("jupyter-book")
    # --all: if no page changed, Sphinx would not even copy a style sheet that did
    # the folder is emptied first: otherwise a page that is gone would stay
    shutil.rmtree(source / "_build" / "html", ignore_errors=True)
    command = [program, "build", source, "-W", "-n", "--keep-going", "--all"]
    done = subprocess.run(
        command, cwd=source, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    return done.returncode, done.stdout


def main() -> int:
    """Build, keep the log, and print where to open the site or what went wrong."""
    started = time.monotonic()
    print("building the site …", flush=True)
    code, output = build()
    LOG.parent.mkdir(exist_ok=True)
    LOG.write_text(output, encoding="utf-8")
    faults = troubles(output)
    if code or faults:
        print("\n".join(faults or output.splitlines()[-30:]), file=sys.stderr)
        print(f"the site was not built cleanly; the whole log is in {LOG.relative_to(ROOT)}", file=sys.stderr)
        return 1
    print(
        f"built in {time.monotonic() - started:.0f} s: open _build/html/index.html, or run: make serve PORT=8000"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
