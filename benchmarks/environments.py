"""The environments in which contenders run: the course's own, and one for each peer that the course does not need.

A peer's environment sees the packages of the course too, so that all contenders run on the same TensorFlow and NumPy,
and so that a peer costs what it adds and not 3 GB.
"""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What is installed beside the course's packages, and without asking for anything else.
PEERS = {
    # d2l asks for packages of 2021 (numpy==1.21.5), which today's Python cannot install; it works with the course's.
    # It imports pandas, which the course does not have, with what pandas needs.
    "d2l": ["d2l==0.17.6", "pandas==3.0.3", "python-dateutil==2.9.0.post0", "six==1.17.0"],
    "torch": ["torch==2.13.0"],
}
NO_DEPENDENCIES = {"d2l"}


class NotInstalledError(Exception):
    """An environment could not be made; the text is the reason, in a line."""


def python(name: str) -> str:
    """Return the interpreter of an environment: "course", or a peer, which is made if it is not there.

    Raises NotInstalledError with pip's complaint.
    """
    if name == "course":
        return sys.executable
    folder = ROOT / f".venv-bench-{name}"
    program, done = folder / "bin" / "python", folder / "installed"
    wanted = "\n".join(PEERS[name])
    if done.exists() and done.read_text(encoding="utf-8") == wanted:
        return str(program)
    print(f"installing {', '.join(PEERS[name])} into {folder.name} …", flush=True)
    venv.create(folder, with_pip=True, clear=True)
    site_packages = next(folder.glob("lib/python*/site-packages"))
    (site_packages / "course.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    command = [program, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEERS[name]]
    ended = subprocess.run(
        command + ["--no-deps"] * (name in NO_DEPENDENCIES), capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise NotInstalledError(complaint(ended.stderr))
    done.write_text(wanted, encoding="utf-8")
    return str(program)


def complaint(stderr: str) -> str:
    """Return the last error that a program wrote, without addresses and paths."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    errors = (
        [line for line in lines if re.match(r"ERROR:|\w*Error:", line)] or lines or ["no reason was given"]
    )
    return re.sub(r"\w+://\S+|(?<!\S)/\S+", "…", errors[-1].removeprefix("ERROR:").strip())
