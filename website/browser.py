"""Find a Chromium for the browser tests and Lighthouse, or install one; and a Firefox and a WebKit for the tests.

The first that starts is used: the one that the environment variable CHROMIUM names, Playwright's own, the
system's Chromium or Chrome. If there is none, Playwright's is installed, or, if its server cannot be reached,
Debian's package, provided that this user may install packages.

Firefox and WebKit are found and installed in the same way. Nobody is asked to have them: where there is none, their
tests are skipped, and say so.

    python -m website.browser              # print which ones are used; install those that are missing
    python -m website.browser --find       # never install
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from course import debian

VARIABLE = "CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
OTHERS = ("firefox", "webkit")  # as Playwright calls them
FIREFOXES = ("firefox-esr", "firefox")
MAC_FIREFOX = Path("/Applications/Firefox.app/Contents/MacOS/firefox")
OLDEST_FIREFOX = 138  # the first that knows --remote-allow-system-access: see tests/browser/engines.py
WEBKIT = "WebKitWebDriver"  # drives the MiniBrowser that comes with WebKitGTK; Playwright cannot
SCREEN = "Xvfb"  # which has no mode without a window
PACKAGES = {"firefox": {"firefox-esr": None}, "webkit": {"xvfb": SCREEN, "webkit2gtk-driver": WEBKIT}}
DOWNLOADS = "https://cdn.playwright.dev"

HOW = f"install Chromium or Chrome (Debian, Ubuntu: sudo apt-get install chromium), or name one: {VARIABLE}=/path/to/it"


class NoBrowser(Exception):  # noqa: N818 - it describes the machine, and its name is printed
    """No browser starts on this machine and none could be installed; the text is one line that says what to do."""


class Other(NamedTuple):
    """A Firefox or WebKit that may be on this machine."""

    program: Path
    playwrights: bool  # its own build; else the system's


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


def playwrights(engine: str = "chromium") -> Path:
    """Return where Playwright's own browser of an engine is, or would be once installed."""
    # imported here: it takes a second, and the other ways do not need it
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(getattr(playwright, engine).executable_path)


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


def version(program: Path) -> int:
    """Return the first number of what a program says about its version, 0 if it does not start."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r"\d+", said.stdout)
    return int(found[0]) if found and said.returncode == 0 else 0


def others(engine: str) -> list[Other]:
    """Return the browsers of an engine, "firefox" or "webkit", that are on this machine, Playwright's own first."""
    own = playwrights(engine)
    found = [Other(own, True)] if own.is_file() else []
    if engine == "firefox":
        systems = [Path(path) for name in FIREFOXES if (path := shutil.which(name))]
        return found + [
            Other(path, False) for path in (*systems, MAC_FIREFOX) if version(path) >= OLDEST_FIREFOX
        ]
    driver, screen = shutil.which(WEBKIT), shutil.which(SCREEN)
    return found + ([Other(Path(driver), False)] if driver and screen else [])


def reachable() -> bool:
    """Tell whether the server that has Playwright's browsers answers at all.

    An installer that waits for it in vain takes half a minute, at every run of the tests.
    """
    try:
        urllib.request.urlopen(os.environ.get("PLAYWRIGHT_DOWNLOAD_HOST", DOWNLOADS), timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def install_other(engine: str) -> None:
    """Install Playwright's browser of an engine where it can be had, else Debian's if this user may."""
    if reachable():
        debian.run_aloud(sys.executable, "-m", "playwright", "install", engine)
    if others(engine):
        return
    for package, program in PACKAGES[engine].items():
        debian.install(
            package, lambda program=program: bool(shutil.which(program) if program else others(engine))
        )


def missing(engine: str) -> str:
    """Return the line that says that an engine is not tested here, and how it would be."""
    packages = " ".join(PACKAGES[engine])
    newest = f" {OLDEST_FIREFOX} or newer" if engine == "firefox" else ""
    return (
        f"there is no {engine}{newest}, so the site is not tested in it: run make browser, or install one "
        f"(.venv/bin/playwright install --with-deps {engine}; Debian: sudo apt-get install {packages})"
    )


def main(arguments: list[str] | None = None) -> int:
    """Print the browsers that are used; return 0, or 1 with one line that says what to do if there is no Chromium."""
    parser = argparse.ArgumentParser(description="Find the browsers for the tests, or install them.")
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
    for engine in OTHERS:
        if not (found := others(engine)) and not options.find:
            install_other(engine)
            found = others(engine)
        print(f"{engine}: {found[0].program if found else missing(engine)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
