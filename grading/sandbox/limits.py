"""Keep what all processes of a sandbox use together below a limit, and know when the limit was reached.

A control group does that in the kernel, where this user may make one. Otherwise each process has its own limit, and the
grader checks ten times a second and ends a submission that has taken too much. A hostile one can exceed the limit
between two checks, or for longer with memory that belongs to no process, such as files that live in memory.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from course import processes

MEMORY = 2 << 30  # bytes, of one submission
PROCESSES = 64  # of one submission, including threads
REMOVE_SECONDS = 10
OURS = 16  # processes and threads of bubblewrap and the zygote
MOUNTED = Path("/sys/fs/cgroup")
GROUP_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class ControlGroup:
    """A control group that this process made: the folder that limits memory, and the one that limits processes."""

    memory: Path
    pids: Path
    memory_limit: str
    memory_used: str
    events: str  # the file that counts what the kernel killed

    @property
    def folders(self) -> list[Path]:
        """The folders, once each."""
        return list(dict.fromkeys((self.memory, self.pids)))

    def used(self) -> int:
        """Return the bytes in use."""
        return int((self.memory / self.memory_used).read_text())

    def limit(self, more: int) -> None:
        """Allow this many bytes more than are in use now."""
        (self.memory / self.memory_limit).write_text(str(self.used() + more))
        (self.pids / "pids.max").write_text(str(PROCESSES + OURS))

    def killed(self) -> int:
        """Return how many processes the kernel ended because the limit was reached."""
        lines = (self.memory / self.events).read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))

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


def own_folder(controller: str) -> Path | None:
    """Return this process's folder in a controller's hierarchy of cgroups version 1, if there is one."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controller in controllers.split(","):
            return MOUNTED / controller / path.lstrip("/")
    return None


def hierarchies() -> tuple[Path, Path] | None:
    """Return the folders in which groups for memory and for processes are made; in version 2 both are the same."""
    if (MOUNTED / "cgroup.controllers").exists():
        return MOUNTED, MOUNTED
    memory, pids = own_folder("memory"), own_folder("pids")
    return (memory, pids) if memory and pids else None


def sweep() -> None:
    """Remove the groups that graders and workers left behind because they were killed."""
    for folder in hierarchies() or ():
        for left in folder.glob("grading-*-*"):
            if not psutil.pid_exists(int(left.name.split("-")[1])):
                with contextlib.suppress(OSError):  # still in use, or just removed by another grader
                    left.rmdir()


def control_group() -> ControlGroup | None:
    """Make a control group, or return None if this machine or this user cannot have one."""
    folders = hierarchies()
    if folders is None:
        return None
    name = f"grading-{os.getpid()}-{next(GROUP_NUMBERS)}"
    memory, pids = (folder / name for folder in folders)
    if memory == pids:
        group = ControlGroup(memory, pids, "memory.max", "memory.current", "memory.events")
    else:
        group = ControlGroup(
            memory, pids, "memory.limit_in_bytes", "memory.usage_in_bytes", "memory.oom_control"
        )
    try:
        for folder in group.folders:
            folder.mkdir()
        if (group.memory / group.memory_limit).exists() and (group.pids / "pids.max").exists():
            group.killed()
            return group
    except OSError:
        pass  # not allowed, or the group came without these controllers: there is none to use
    group.remove()
    return None


def memory_of(pid: int) -> int:
    """Return the bytes that a process and all its descendants hold in memory, shared pages once; 0 if it is gone."""
    family = processes.family(pid)
    together = processes.resident(family)
    # an upper bound, since what was inherited from the zygote counts in full; below the limit that is enough to know
    return together if together <= MEMORY else processes.proportional(family)


def waited(pid: int) -> dict[int, float]:
    """Return for each thread of a process the seconds that it was ready to run while no processor was free for it."""
    found = {}
    with contextlib.suppress(OSError):  # it is gone, or this kernel does not say
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                _, waiting, _ = (thread / "schedstat").read_text().split()
                found[int(thread.name)] = int(waiting) / 1e9
    return found
