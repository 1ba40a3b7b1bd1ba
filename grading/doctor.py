"""Tell whether submissions can be run safely on this machine, and what to do if they cannot."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grading.sandbox import asking, limits
from grading.sandbox import bubblewrap as bwrap
from grading.sandbox.bubblewrap import Broken
from grading.sandbox.exam import FORKED

# (file, value that forbids, what to do): the ways in which distributions keep users from making namespaces
SWITCHES = (
    ("/proc/sys/kernel/unprivileged_userns_clone", "0", "sudo sysctl kernel.unprivileged_userns_clone=1"),
    ("/proc/sys/user/max_user_namespaces", "0", "sudo sysctl user.max_user_namespaces=10000"),
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile that lets bwrap use them",
    ),
)


@dataclass(frozen=True)
class Finding:
    """One thing that was checked. `ok` is None if grading works either way, only better or worse."""

    what: str
    ok: bool | None
    says: str


def system() -> Finding:
    """Look at the system: only Linux has namespaces and bubblewrap."""
    name = platform.system()
    says = (
        f"{name} {platform.release()}"
        if name == "Linux"
        else f"{name}: grade on Linux, or in a virtual machine with it"
    )
    return Finding("system", name == "Linux", says)


def bubblewrap() -> Finding:
    """Look for bubblewrap."""
    try:
        program = bwrap.bubblewrap()
        version = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=10, check=True
        ).stdout
    except (Broken, OSError, subprocess.SubprocessError) as error:
        return Finding("bubblewrap", False, str(error))
    return Finding("bubblewrap", True, f"{version.strip()} at {program}")


def switches() -> Finding:
    """Look for settings that keep a plain user from making namespaces."""
    off = [
        todo
        for file, value, todo in SWITCHES
        if Path(file).exists() and Path(file).read_text().strip() == value
    ]
    return Finding("namespaces", None if off else True, "; ".join(off) or "nothing forbids them")


def running() -> Finding:
    """Try the sandbox itself."""
    try:
        with asking.usable(("numpy",)) as usable:
            way = usable.way
    except (Broken, OSError) as error:
        return Finding("sandbox", False, str(error))
    if way == FORKED:
        return Finding("sandbox", True, "works; TensorFlow is imported once per worker")
    return Finding(
        "sandbox",
        None,
        "works, but namespaces cannot be nested here: TensorFlow is imported for each submission, which takes some"
        " seconds, and only a control group limits the number of processes",
    )


def memory() -> Finding:
    """Look for control groups."""
    if group := limits.control_group():
        group.remove()
        return Finding("memory limit", True, "by control groups, in the kernel")
    return Finding(
        "memory limit",
        None,
        "checked ten times a second, because this user has no control group: a hostile submission can exceed the limit"
        " until its time is up. With systemd, put systemd-run --user --scope -p MemoryMax=8G before the command",
    )


def tensorflow() -> Finding:
    """Try to import TensorFlow as students' code does: in the sandbox, as the user that runs there."""
    try:
        version = importlib.metadata.version("tensorflow")
        with asking.usable(("tensorflow",)):
            return Finding("tensorflow", True, f"{version}, imported in the sandbox")
    except importlib.metadata.PackageNotFoundError:
        return Finding("tensorflow", False, "not installed: run make setup")
    except (Broken, OSError) as error:
        return Finding("tensorflow", False, f"{version}, but it cannot be imported in the sandbox: {error}")


def data() -> Finding:
    """Look for the data sets that assignments load."""
    if folder := asking.data_folder():
        return Finding("data sets", True, folder)
    return Finding("data sets", None, "not here, and a sandbox has no network: run make data")


def processors() -> Finding:
    """Count the processors."""
    return Finding(
        "processors", True, f"{len(os.sched_getaffinity(0))}; grading uses 2 unless --workers says otherwise"
    )


CHECKS: tuple[Callable[[], Finding], ...] = (
    system, bubblewrap, switches, running, memory,
    tensorflow, data, processors,
)  # fmt: skip


def findings() -> Iterator[Finding]:
    """Yield the findings one by one; on a system other than Linux only the first."""
    for check in CHECKS:
        finding = check()
        yield finding
        if check is system and not finding.ok:
            return
