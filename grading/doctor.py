"""Tell whether submissions can be run safely on this machine, and what to do where they cannot."""

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

# (file, value that forbids, what to do): the ways in which distributions keep users from making name spaces
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
    """One thing looked at. `ok` is None where it only matters for how well it goes."""

    what: str
    ok: bool | None
    says: str


def system() -> Finding:
    """Look at the system: name spaces and bubblewrap are Linux's."""
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
    """Look for settings that keep a plain user from making name spaces."""
    off = [
        todo
        for file, value, todo in SWITCHES
        if Path(file).exists() and Path(file).read_text().strip() == value
    ]
    return Finding("name spaces", None if off else True, "; ".join(off) or "nothing forbids them")


def running() -> Finding:
    """Try the sandbox itself."""
    try:
        with asking.usable(("numpy",)) as usable:
            way = usable.way
    except (Broken, OSError) as error:
        return Finding("sandbox", False, str(error))
    if way == FORKED:
        return Finding("sandbox", True, "works; TensorFlow is imported once a worker")
    return Finding(
        "sandbox",
        None,
        "works, but name spaces cannot be nested here: TensorFlow is imported for each submission, some seconds each,"
        " and the number of processes is limited by the control group only",
    )


def memory() -> Finding:
    """Look for control groups."""
    if group := limits.control_group():
        group.remove()
        return Finding("memory limit", True, "by control groups, in the kernel")
    return Finding(
        "memory limit",
        None,
        "watched ten times a second, no control group for this user: a submission that means harm can go beyond the"
        " limit until its time is up. Where systemd is: systemd-run --user --scope -p MemoryMax=8G before the command",
    )


def tensorflow() -> Finding:
    """Try to import TensorFlow where students' code does: in the sandbox, and as who runs there."""
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
        "processors", True, f"{len(os.sched_getaffinity(0))}; --workers takes 2 unless told otherwise"
    )


CHECKS: tuple[Callable[[], Finding], ...] = (
    system, bubblewrap, switches, running, memory,
    tensorflow, data, processors,
)  # fmt: skip


def findings() -> Iterator[Finding]:
    """Yield what is found, one thing after the other; on another system than Linux only that."""
    for check in CHECKS:
        finding = check()
        yield finding
        if check is system and not finding.ok:
            return
