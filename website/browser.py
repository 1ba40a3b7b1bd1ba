"""Find a Chromium for the browser tests and Lighthouse, or install one.

The first that starts is used: the one that the environment variable CHROMIUM names, Playwright's own, the
system's Chromium or Chrome. If there is none, Playwright's is installed, or, if its server cannot be reached,
Debian's package, provided that this user may install packages.

    python -m website.browser              # print which one is used; install it if there is none
    python -m website.browser --find       # never install
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from course import debian

VARIABLE = "CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
HOW = f"install Chromium or Chrome (Debian, Ubuntu: sudo apt-get install chromium), or name one: {VARIABLE}=/path/to/it"


class NoBrowser(Exception):  # noqa: N818 - it describes the machine, and its name is printed
    """No browser starts on this machine and none could be installed; the text is one line that says what to do."""


def flags() -> list[str]:
    """Return the options to start Chromium with: nothing calls home, and no name but this machine's resolves."""
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
        "--no-default-browser-check",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ]
    # Chromium refuses to run its sandbox as root, the user that runs tests in a container
    return [*quiet, "--no-sandbox"] if os.geteuid() == 0 else quiet


def starts(program: Path) -> bool:
    """Tell whether a program is there and runs: a downloaded browser often lacks libraries of the system."""
    try:
        return (
            subprocess.run([program, "--version"], capture_output=True, timeout=30, check=False).returncode
            == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def playwrights() -> Path:
    """Return where Playwright's own Chromium is, or would be once installed."""
    from playwright.sync_api import (
        sync_playwright,
    )  # imported here: it takes a second, and the other ways do not need it

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def candidates() -> Iterator[Path]:
    """Yield the browsers that may be on this machine, Playwright's first."""
    yield playwrights()
    for name in NAMES:
        if found := shutil.which(name):
            yield Path(found)
    yield from map(Path, MAC)


def find() -> Path | None:
    """Return the browser to use, or None if there is none; NoBrowser if the one that CHROMIUM names does not start."""
    if named := os.environ.get(VARIABLE):
        program = Path(shutil.which(named) or named).expanduser()
        if starts(program):
            return program
        raise NoBrowser(
            f"{VARIABLE}={named} is not a browser that starts: name another one, or unset {VARIABLE}"
        )
    return next(filter(starts, candidates()), None)


def install() -> None:
    """Install Playwright's Chromium, else Debian's if this user may; `find` then tells whether one starts."""
    playwright = (sys.executable, "-m", "playwright", "install", "chromium")
    # otherwise it would wait half a minute for a blocked host, on each of several mirrors
    if debian.run_aloud(*playwright, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT="10000") and starts(
        playwrights()
    ):
        return
    debian.install("chromium", lambda: shutil.which("chromium") is not None)


def find_or_install() -> Path:
    """Return the browser to use, installing one if there is none; NoBrowser if that fails too."""
    if not (program := find()):
        install()
        program = find()
    if not program:
        raise NoBrowser(f"no browser here, and none could be installed: {HOW}")
    return program


def main(arguments: list[str] | None = None) -> int:
    """Print the browser that is used; return 0, or 1 with one line that says what to do."""
    parser = argparse.ArgumentParser(description="Find a Chromium for the browser tests, or install one.")
    parser.add_argument("--find", action="store_true", help="never install")
    options = parser.parse_args(arguments)
    try:
        program = find() if options.find else find_or_install()
        if not program:
            raise NoBrowser(f"no browser here: run make browser, or {HOW}")
    except NoBrowser as error:
        print(error, file=sys.stderr)
        return 1
    print(f"browser: {program}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
