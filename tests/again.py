"""Run tests again and again while all processors are kept busy, and name each that was not green every time.

    python tests/again.py --times 20 tests/grading tests/browser

`make test-again N=20` calls it. A test that is red once in twenty runs is a fault of the test or of what it tests.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from xml.etree import ElementTree

# ends with the process that started it, even if that is killed
BUSY = """
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
while True: pass
"""


def outcomes(report: Path) -> dict[str, bool]:
    """Return for each test in pytest's JUnit report whether it was green."""
    found = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        # a test that fails and whose fixture fails too is listed twice
        found[name] = found.get(name, True) and case.find("failure") is None and case.find("error") is None
    return found


def run(folders: list[str], folder: Path, number: int) -> dict[str, bool]:
    """Run the tests once and return their outcomes; what pytest prints stays in a log beside its report."""
    report, log = folder / f"{number}.xml", folder / f"{number}.log"
    command = [sys.executable, "-m", "pytest", *folders, "-n", "auto", "-q", f"--junitxml={report}"]
    with log.open("w", encoding="utf-8") as said:
        code = subprocess.run(command, stdout=said, stderr=subprocess.STDOUT, check=False).returncode
    if code not in (0, 1) or not report.exists():
        return {f"pytest itself ended with {code}, see {log}": False}
    return outcomes(report)


def main(arguments: list[str] | None = None) -> int:
    """Run, print one line per run and what was not always green; return 0 if everything was."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=10, help="how often (10)")
    parser.add_argument("--logs", type=Path, help="where to keep what pytest printed (a temporary folder)")
    parser.add_argument("folder", nargs="+", help="what to run, as pytest takes it")
    options = parser.parse_args(arguments)
    if options.times < 1:
        parser.error(f"--times {options.times}: at least one run is needed")
    logs = options.logs or Path(tempfile.mkdtemp(prefix="tests-again-"))
    logs.mkdir(parents=True, exist_ok=True)
    red: Counter[str] = Counter()
    with ExitStack() as busy:
        for _ in range(os.cpu_count() or 1):
            loop = subprocess.Popen([sys.executable, "-c", BUSY], stdin=subprocess.PIPE)
            busy.callback(loop.wait)
            busy.callback(loop.stdin.close)
        for number in range(1, options.times + 1):
            begun = time.monotonic()
            found = run(options.folder, logs, number)
            failed = [name for name, green in found.items() if not green]
            red.update(failed)
            print(
                f"{number} of {options.times}: {len(found) - len(failed)} green, {len(failed)} red,"
                f" {time.monotonic() - begun:.0f} s",
                flush=True,
            )
    for name, times in red.most_common():
        print(f"red {times} of {options.times} times: {name}")
    print(f"logs: {logs}" if red else "every test was green every time")
    return 1 if red else 0


if __name__ == "__main__":
    sys.exit(main())
