"""Virtual environments beside the course's own, for what only one verb of the Makefile needs."""

from __future__ import annotations

import re
import subprocess
import sysconfig
import venv
from collections.abc import Sequence
from pathlib import Path


class NotInstalledError(Exception):
    """An environment could not be made; the text is pip's reason, in one line."""


def python(
    folder: Path, packages: Sequence[str], *options: str, newest: bool = False, sees_course: bool = False
) -> Path:
    """Return the interpreter of an environment that holds these packages; make the environment if there is none.

    `options` go to pip. `newest`: run pip every time, because the packages name no exact version. `sees_course`: the
    environment also finds the packages of the one that runs this. Raises NotInstalledError with pip's complaint.
    """
    program, marker = folder / "bin" / "python", folder / "installed"
    wanted = "\n".join([*packages, *options])
    there = marker.exists() and marker.read_text(encoding="utf-8") == wanted
    if there and not newest:
        return program
    if not there:
        print(f"installing {', '.join(packages)} into {folder.name} …", flush=True)
        venv.create(folder, with_pip=True, clear=True)
    if sees_course:
        site_packages = next(folder.glob("lib/python*/site-packages"))
        (site_packages / "course.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    pip = [program, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    ended = subprocess.run(
        [*pip, *(["--upgrade"] if newest else []), *options, *packages],
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise NotInstalledError(complaint(ended.stderr))
    marker.write_text(wanted, encoding="utf-8")
    return program


def complaint(stderr: str) -> str:
    """Return the last error that a program wrote, without addresses and paths."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    errors = (
        [line for line in lines if re.match(r"ERROR:|\w*Error:", line)] or lines or ["no reason was given"]
    )
    return re.sub(r"\w+://\S+|(?<!\S)/\S+", "…", errors[-1].removeprefix("ERROR:").strip())
