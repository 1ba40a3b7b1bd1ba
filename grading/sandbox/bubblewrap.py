"""Start and end a sandbox: bubblewrap and what is mounted in it, or plain Python if that was asked for."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from course import processes
from course.paths import GRADING, ROOT
from grading.sandbox import limits
from grading.sandbox.exam import FORKED, FRESH, UNSAFE

INSIDE = GRADING / "sandbox" / "inside"  # the only part of the project that is mounted
CODE = Path("/grader")  # where that part is mounted
VENV = Path("/grader/venv")  # where the grader's own virtual environment is mounted
HOME = "/tmp"  # inside
KERAS = Path("/keras")  # where the data sets are mounted
# what answers must not find there: the labels that trained models are tried with. In their place are as many zeros
TEST_LABELS = Path("datasets", "fashion-mnist", "t10k-labels-idx1-ubyte.gz")
DEBIAN = Path("/usr/share/datasets")  # where a package of Debian's has them too; nothing of it is seen inside
NO_LABELS = gzip.compress(struct.pack(">II", 2049, 10_000) + bytes(10_000))
END_SECONDS = 30
BEHIND_THE_SCENES = 10_000  # bytes of a sandbox's stderr that are read

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MPLBACKEND": "agg",
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    # submissions run beside each other, threads count as processes, and sums keep their order
    **processes.ONE_THREAD,
}


class Broken(RuntimeError):  # noqa: N818 - it says that the sandbox is, not the submission
    """The sandbox itself does not work: not found, not allowed, or ended without having been told to."""


def bubblewrap() -> str:
    """Return where bubblewrap is; Broken if it is not installed."""
    if found := shutil.which("bwrap"):
        return found
    raise Broken("bubblewrap is not installed (Debian, Ubuntu: sudo apt-get install bubblewrap)")


def inside(place: str) -> str:
    """Return where a path of the virtual environment is mounted: a fixed place, since /tmp hides what is below it."""
    path, prefix = Path(place), Path(sys.prefix)
    return (
        str(VENV / path.relative_to(prefix))
        if sys.prefix != sys.base_prefix and path.is_relative_to(prefix)
        else place
    )


def mounts(data: str, labels: int) -> list[str]:
    """Return bubblewrap's options: what is mounted inside, all of it read-only except /tmp and /dev/shm.

    `labels` is the file that is mounted in place of the labels for tests.
    """
    options = ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        place = Path("/") / name
        if place.is_symlink():
            options += ["--symlink", str(place.readlink()), str(place)]
        elif place.exists():
            options += ["--ro-bind", str(place), str(place)]
    bound = {inside(place): str(Path(place).resolve()) for place in (sys.base_prefix, sys.prefix)}
    bound |= {place: place for place in bound.values() if not place.startswith("/usr/") and place != "/usr"}
    bound[str(CODE / INSIDE.relative_to(ROOT))] = str(INSIDE)
    if data:
        bound[str(KERAS)] = data
    # each is named, because only root can enter those that bubblewrap makes by itself
    for folder in sorted({str(parent) for place in bound for parent in Path(place).parents} - {"/"}):
        options += ["--dir", folder]
    for place, source in sorted(bound.items()):
        options += ["--ro-bind", source, place]
    if data and Path(data, TEST_LABELS).exists():
        options += ["--perms", "0444", "--ro-bind-data", str(labels), str(KERAS / TEST_LABELS)]
    if DEBIAN.exists():
        options += ["--size", "4096", "--perms", "0555", "--tmpfs", str(DEBIAN)]
    options += ["--proc", "/proc", "--dev", "/dev"]
    for place, size in (("/tmp", 64 << 20), ("/dev/shm", 16 << 20)):
        options += ["--size", str(size), "--perms", "1777", "--tmpfs", place]
    return [*options, "--remount-ro", "/", "--chdir", "/tmp"]


def command(way: str, channel: int, info: int, labels: int, data: str, modules: Sequence[str]) -> list[str]:
    """Return the command that starts a zygote or a single run, with or without bubblewrap."""
    program = sys.executable if way == UNSAFE else inside(sys.executable)
    inner = [program, "-s", "-P", "-m", ".".join(INSIDE.relative_to(ROOT).parts)]
    inner += [{FORKED: "zygote", FRESH: "once", UNSAFE: "unsafe"}[way], str(channel), *modules]
    if way == UNSAFE:
        return inner
    options = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    options += ["--die-with-parent", "--new-session", "--hostname", "sandbox", "--cap-drop", "ALL"]
    if (
        os.geteuid() == 0
    ):  # no user namespace, so that root's files can be bound; the zygote becomes nobody at once
        options += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SYS_ADMIN"]
    else:
        options += ["--unshare-user"]
    return [bubblewrap(), *options, "--info-fd", str(info), *mounts(data, labels), "--", *inner]


def environment(way: str, data: str, home: str) -> dict[str, str]:
    """Return the variables inside: of the grader's own only those that Python may need to start."""
    variables = ENVIRONMENT | {k: os.environ[k] for k in ("LD_LIBRARY_PATH",) if k in os.environ}
    variables |= dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR"), home)
    variables["PYTHONPATH"] = str(ROOT if way == UNSAFE else CODE)
    if data:
        variables["KERAS_HOME"] = data if way == UNSAFE else str(KERAS)
    return variables


class Process:
    """A started bubblewrap, or Python without it, and the first process inside."""

    def __init__(self, way: str, modules: Sequence[str], data: str, group: limits.ControlGroup | None):
        self.way = way
        with contextlib.ExitStack() as on_failure:
            self.channel, theirs = socket.socketpair()
            on_failure.callback(self.channel.close)
            self.said = on_failure.enter_context(tempfile.TemporaryFile())
            home = HOME
            if way == UNSAFE:
                # /tmp is then the machine's, and the next run would see what one leaves there
                self.home = tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True)
                on_failure.callback(self.home.cleanup)
                home = self.home.name
            told, info = os.pipe()
            with theirs, tempfile.TemporaryFile() as labels, os.fdopen(told) as about:
                labels.write(NO_LABELS)
                labels.seek(0)
                try:
                    started = command(way, theirs.fileno(), info, labels.fileno(), data, modules)
                    self.process = subprocess.Popen(
                        group.joined(started) if group else started,
                        env=environment(way, data, home),
                        pass_fds=(theirs.fileno(), info, labels.fileno()),
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,
                        stderr=self.said,
                        start_new_session=True,  # Ctrl-C is for the grader alone
                        cwd="/",
                    )
                finally:
                    os.close(info)
                on_failure.callback(self.process.wait)
                on_failure.callback(self.process.kill)
                try:
                    # bubblewrap writes it once everything is in place; if it fails it writes nothing
                    pid = self.process.pid if way == UNSAFE else json.loads(about.read())["child-pid"]
                    self.handle = os.pidfd_open(pid)
                except (ValueError, KeyError, ProcessLookupError) as error:
                    raise Broken(f"bubblewrap does not start: {self.last_words()}") from error
            on_failure.pop_all()

    def exit_code(self, seconds: float) -> int | None:
        """Return its exit code, negative for a signal, or None if it does not end within some seconds."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.process.wait(seconds)
        return None

    def last_words(self) -> str:
        """Return what was said on stderr, one line."""
        self.exit_code(1)
        self.said.seek(0)
        lines = self.said.read(BEHIND_THE_SCENES).decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "it gave no reason")

    def end(self) -> None:
        """End everything inside and wait until it has ended."""
        self.channel.close()
        end(self.handle)
        if self.way == UNSAFE:  # no process namespace ends all others with the first: end its group
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        try:
            self.process.wait(END_SECONDS)  # bubblewrap ends once the first process inside has
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.said.close()
        if self.way == UNSAFE:
            self.home.cleanup()


def end(handle: int) -> None:
    """End the process that a handle stands for, wait for it, and close the handle.

    The first process of a process namespace is gone only after all others in it.
    """
    try:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(handle, signal.SIGKILL)
        if not select.select([handle], [], [], END_SECONDS)[0]:
            raise Broken("a process of a submission does not end")
    finally:
        os.close(handle)


def pid_of(handle: int) -> int:
    """Return the number of the process that a handle stands for, as seen from here."""
    for line in Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines():
        if line.startswith("Pid:") and (pid := int(line.split()[1])) > 0:
            return pid
    raise Broken("a process of a sandbox ended before anything was asked of it")
