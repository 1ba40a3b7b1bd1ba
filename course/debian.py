"""Ask Debian's package manager: install a program if this user may, or only fetch a package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

INSTALL_SECONDS = 900  # a browser is some 170 MB


class AptError(Exception):
    """The package manager is missing or refused; the text is its complaint, in one line."""


def run_aloud(*command: str | Path, **variables: str) -> bool:
    """Run an installer with its output on stderr, and tell whether it succeeded."""
    print("$", *command, file=sys.stderr, flush=True)
    try:
        done = subprocess.run(
            command,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"} | variables,
            stdout=sys.stderr,
            timeout=INSTALL_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def install(package: str, is_there: Callable[[], bool]) -> None:
    """Install a package if this user may; the caller checks whether the program in it works."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    command = ("apt-get", "install", "-y", "--no-install-recommends", package)
    run_aloud(*command)
    if not is_there():  # a new container has no package lists yet
        run_aloud("apt-get", "update")
        run_aloud(*command)


def unpack(package: str, folder: Path, seconds: int) -> None:
    """Fetch a package, which needs no root rights, and unpack it into an empty folder; AptError if that fails.

    A server that does not answer is given up after `seconds`.
    """
    for command in ("apt-get", "dpkg-deb"):
        if not shutil.which(command):
            raise AptError(f"there is no {command} on this machine")
    settings = (f"http::Timeout={seconds}", f"https::Timeout={seconds}", "Retries=1")
    apt = ["apt-get", *(f"-oAcquire::{setting}" for setting in settings)]
    try:
        run_quietly(folder, *apt, "download", package)
    except AptError as error:  # most often the package lists are empty, as in a new container, or old
        if os.geteuid() != 0:
            raise AptError(f"{error} (lists empty or old? Run: sudo apt-get update)") from None
        run_quietly(folder, *apt, "update")
        run_quietly(folder, *apt, "download", package)
    for file in folder.glob("*.deb"):
        run_quietly(folder, "dpkg-deb", "-x", file.name, ".")


def run_quietly(folder: Path, *command: str) -> None:
    """Run a command in a folder without showing its output; what it complains about becomes the error."""
    ended = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if ended.returncode:  # without apt's warnings, such as "Download is performed unsandboxed as root"
        complaints = [line for line in ended.stderr.splitlines() if line and not line.startswith("W:")]
        raise AptError(f"{command[0]}: {' '.join(complaints) or f'exit status {ended.returncode}'}")
