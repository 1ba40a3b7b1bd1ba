"""Keep what all processes of a sandbox use together below a limit, and know when the limit was reached.

A control group does that in the kernel, where this user may make one: for memory, for the number of processes, and for
processor time, of which a sandbox gets as much as one processor has. Otherwise each process has its own limit, all of
them are kept on one processor, and the grader checks ten times a second and ends a submission that has taken too much.
A hostile one can exceed the limit between two checks, or for longer with memory that belongs to no process, such as
files that live in memory.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from course import processes

MEMORY = 2 << 30  # bytes, of one submission
PROCESSES = 64  # of one submission, including threads
REMOVE_SECONDS = 10
OURS = 16  # processes and threads of bubblewrap and the zygote
PERIOD = 100_000  # microseconds of each processor's time that a sandbox gets in as many by the clock
MOUNTED = Path("/sys/fs/cgroup")
CONTROLLERS = ("memory", "pids", "cpu", "cpuacct")  # the first two are needed to make a group
GROUP_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class ControlGroup:
    """A control group that this process made: its folder for each controller, and the kernel's version of groups."""

    folder: dict[str, Path]
    version: int

    @property
    def folders(self) -> list[Path]:
        """The folders, once each."""
        return list(dict.fromkeys(self.folder.values()))

    def file(self, controller: str, first: str, second: str) -> Path:
        """Return a file of a controller, as version 1 or version 2 names it."""
        return self.folder[controller] / (first if self.version == 1 else second)

    @property
    def shares_processors(self) -> bool:
        """Whether the kernel limits the processor time of this group."""
        return "cpu" in self.folder and self.file("cpu", "cpu.cfs_quota_us", "cpu.max").exists()

    def used(self) -> int:
        """Return the bytes in use."""
        return int(self.file("memory", "memory.usage_in_bytes", "memory.current").read_text())

    def seconds(self) -> float | None:
        """Return the processor time that was used so far, or None if this group does not count it."""
        if self.version == 2:
            return counted(self.folder["memory"] / "cpu.stat", "usage_usec") / 1e6
        if "cpuacct" not in self.folder:
            return None
        return int((self.folder["cpuacct"] / "cpuacct.usage").read_text()) / 1e9

    def limit(self, more: int) -> None:
        """Allow this many bytes more than are in use now, and the time of one processor."""
        self.file("memory", "memory.limit_in_bytes", "memory.max").write_text(str(self.used() + more))
        (self.folder["pids"] / "pids.max").write_text(str(PROCESSES + OURS))
        if self.shares_processors:
            quota = str(PERIOD) if self.version == 1 else f"{PERIOD} {PERIOD}"
            self.file("cpu", "cpu.cfs_quota_us", "cpu.max").write_text(quota)

    def killed(self) -> int:
        """Return how many processes the kernel ended because this group's limit was reached.

        The kernel counts here too what it ended because the whole machine was short of memory: then the group's own
        limit was not reached, and this is 0.
        """
        if self.version == 1:
            reached = int((self.folder["memory"] / "memory.failcnt").read_text())
        else:
            reached = counted(self.folder["memory"] / "memory.events", "oom")
        if not reached:
            return 0
        return counted(self.file("memory", "memory.oom_control", "memory.events"), "oom_kill")

    def joined(self, command: list[str]) -> list[str]:
        """Return a command that starts another one inside the group."""
        join = "".join(f'echo $$ > "{folder}/cgroup.procs" && ' for folder in self.folders)
        return ["/bin/sh", "-c", join + 'exec "$@"', "sh", *command]

    def remove(self) -> None:
        """Remove the group, whose processes have ended; the kernel may take a moment to forget the last one."""
        end = time.monotonic() + REMOVE_SECONDS
        for folder in self.folders:
            while folder.exists():
                try:
                    folder.rmdir()
                except FileNotFoundError:
                    break
                except OSError:
                    if time.monotonic() > end:
                        raise
                    time.sleep(0.01)


def counted(path: Path, name: str) -> int:
    """Return the number behind a name in a file of lines `name number`; 0 if the name is not there."""
    lines = (line.split() for line in path.read_text().splitlines())
    return sum(int(line[1]) for line in lines if line[0] == name)


def own_folder(controller: str) -> Path | None:
    """Return this process's folder in a controller's hierarchy of cgroups version 1, if there is one."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controller in controllers.split(","):
            return (MOUNTED / controller).resolve() / path.lstrip("/")  # cpu and cpuacct may be one
    return None


def hierarchies() -> dict[str, Path]:
    """Return the folder in which groups are made for each controller that is here; in version 2 all are the same."""
    if (MOUNTED / "cgroup.controllers").exists():
        return dict.fromkeys(CONTROLLERS, MOUNTED)
    found = {name: own_folder(name) for name in CONTROLLERS}
    return {name: folder for name, folder in found.items() if folder}


def sweep() -> None:
    """Remove the groups that graders and workers left behind because they were killed."""
    for folder in set(hierarchies().values()):
        for left in folder.glob("grading-*-*"):
            if not psutil.pid_exists(int(left.name.split("-")[1])):
                with contextlib.suppress(OSError):  # still in use, or just removed by another grader
                    left.rmdir()


def control_group() -> ControlGroup | None:
    """Make a control group, or return None if this machine or this user cannot have one.

    Without a controller for processor time it is still a group; see `ControlGroup.shares_processors`.
    """
    name = f"grading-{os.getpid()}-{next(GROUP_NUMBERS)}"
    group = ControlGroup({}, 2 if (MOUNTED / "cgroup.controllers").exists() else 1)
    for controller, parent in hierarchies().items():
        folder = parent / name
        with contextlib.suppress(OSError):  # not allowed: this controller is then not there to use
            if folder not in group.folder.values():
                folder.mkdir()
            group.folder[controller] = folder
    needed = {"memory", "pids"} <= group.folder.keys()
    if needed and group.file("memory", "memory.limit_in_bytes", "memory.max").exists():
        with contextlib.suppress(OSError):  # the group came without these files
            group.killed()
            if (group.folder["pids"] / "pids.max").exists():
                return group
    group.remove()
    return None


def claim_processor() -> tuple[int, socket.socket | None]:
    """Return a processor that no other sandbox of this machine has claimed, and what holds the claim.

    Are all of them claimed, it is one of them, and the second is None. A claim ends with the process that made it.
    """
    allowed = sorted(os.sched_getaffinity(0))
    for number in allowed:
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0grading-processor-{number}")
        except OSError:  # it is taken
            claim.close()
            continue
        return number, claim
    return allowed[os.getpid() % len(allowed)], None


def keep_on(processor: int, family: Iterable[psutil.Process]) -> None:
    """Keep processes on one processor, also those that have left it."""
    for process in family:
        with contextlib.suppress(OSError):  # it has ended, or is just ending
            for thread in Path(f"/proc/{process.pid}/task").iterdir():
                with contextlib.suppress(OSError):
                    os.sched_setaffinity(int(thread.name), {processor})


def memory_of(family: Sequence[psutil.Process]) -> int:
    """Return the bytes that processes hold in memory, shared pages once."""
    together = processes.resident(family)
    # an upper bound, since what was inherited from the zygote counts in full; below the limit that is enough to know
    return together if together <= MEMORY else processes.proportional(family)


def seconds_of(family: Iterable[psutil.Process]) -> float:
    """Return the processor time that processes have used, with that of their children that have ended."""
    total = 0.0
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            total += sum(process.cpu_times()[:4])
    return total


def waited(family: Iterable[psutil.Process]) -> dict[int, float]:
    """Return for each thread of processes the seconds that it was ready to run while no processor was free for it."""
    found = {}
    for process in family:
        with contextlib.suppress(OSError):  # it is gone, or this kernel does not say
            for thread in Path(f"/proc/{process.pid}/task").iterdir():
                with contextlib.suppress(OSError):
                    _, waiting, _ = (thread / "schedstat").read_text().split()
                    found[int(thread.name)] = int(waiting) / 1e9
    return found
