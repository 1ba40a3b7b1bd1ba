"""Run one notebook after another inside the sandbox; everything here shares its rooms with students' code.

Two ways to be started by `grading.sandbox`, in bubblewrap:

    inside.py zygote FD MODULE...   # import the modules once; fork a locked-in child for each socket that comes over FD
    inside.py once FD MODULE...     # run one notebook on the socket FD, where name spaces cannot be nested

and one without it: `inside.py unsafe FD MODULE...`.

A forked child gets user, process, mount, network, IPC and host name spaces of its own, an empty /tmp, and the one
socket that its notebook is asked over. It holds nothing of the zygote's: no socket, no way to see or signal it. It is
the first process of its process space, so that all others end with it.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import os
import random
import re
import resource
import signal
import socket
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from grading import answering, cells, frames

NOBODY = 65534
MOST_REQUEST = 1 << 30  # the grader's own messages
MIB = 1 << 20
LIMITS = {
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_NOFILE: 256,
    resource.RLIMIT_FSIZE: 64 * MIB,
    resource.RLIMIT_DATA: 2048 * MIB,  # not RLIMIT_AS: TensorFlow reserves far more addresses than it uses
}
PROCESSES = 64  # threads counted too
COUNTED_BY_SPACE = (
    5,
    14,
)  # the first kernel that counts them by user name space; before, all of a user's count
ROOMS = {"/tmp": "size=64m,nr_inodes=4096,mode=1777", "/dev/shm": "size=16m,nr_inodes=256,mode=1777"}

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE = {
    "user": 0x10000000,
    "pid": 0x20000000,
    "mount": 0x20000,
    "net": 0x40000000,
    "ipc": 0x8000000,
    "uts": 0x4000000,
}
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 2, 4, 8, 0x4000, 0x40000
PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 4, 24, 38
LAST_CAPABILITY = 63
CAPABILITY_VERSION_3 = 0x20080522


def system(result: int, what: str) -> None:
    """Raise OSError where a call of the C library failed."""
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def become_nobody() -> None:
    """Give up being root, where bubblewrap was started by root; else do nothing."""
    if os.geteuid() == 0:
        # For root, bubblewrap covers parts of /proc, and where it is covered the kernel lets no user mount a new one.
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        # else /proc/self belongs to root, and the maps of a user namespace could not be written
        LIBC.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """Mount a file system; OSError where the kernel refuses."""
    arguments = (source.encode(), target.encode(), kind.encode(), flags, options.encode())
    system(LIBC.mount(*arguments), f"mount {kind} on {target}")


def new_spaces() -> None:
    """Move this process into name spaces of its own; its next child is the first process there."""
    user, group = os.geteuid(), os.getegid()
    system(LIBC.unshare(sum(CLONE.values())), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    system(LIBC.mount(None, b"/", None, MS_REC | MS_PRIVATE, None), "make mounts private")
    for target, options in ROOMS.items():
        mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, options)


def drop_rights() -> None:
    """Give up every right that the new user namespace gave, for good."""
    system(LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    for capability in range(LAST_CAPABILITY + 1):
        LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)  # refused for numbers that this kernel does not know
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    system(LIBC.capset(header, (ctypes.c_uint32 * 6)()), "drop capabilities")


def set_limits(own_space: bool) -> None:
    """Limit what this process and its children may take. What all of them take together is the grader's to watch."""
    limits = dict(LIMITS)
    if own_space and tuple(map(int, re.findall(r"\d+", os.uname().release)[:2])) >= COUNTED_BY_SPACE:
        limits[resource.RLIMIT_NPROC] = PROCESSES
    for what, most in limits.items():
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def settle_down() -> None:
    """Go to the empty home and link the data sets there.

    In bubblewrap it is /tmp, where Keras looks when its own home cannot be written.
    """
    home = Path.home()
    os.chdir(home)
    if "KERAS_HOME" in os.environ:
        (home / ".keras").symlink_to(os.environ["KERAS_HOME"])


def close_all_but(kept: int) -> None:
    """Close every file but one and the standard streams."""
    os.closerange(3, kept)
    os.closerange(kept + 1, 65536)


def lock_in(channel: socket.socket) -> None:
    """Leave the zygote for spaces of one's own, and send the grader a handle to end them by."""
    new_spaces()
    ready, go = os.pipe()
    if first := os.fork():
        os.close(ready)
        handle = os.pidfd_open(first)
        socket.send_fds(channel, [b"+"], [handle])
        os.write(go, b".")  # only now, so that nothing of the student's can be taken for the handle
        os._exit(0)
    os.close(go)
    os.read(ready, 1)
    os.close(ready)
    try:
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    except OSError as error:
        channel.sendall(frames.pack({"ready": False, "why": str(error)}))
        os._exit(1)
    # no user namespaces inside, and with them none of the kernel that only their owners reach
    with contextlib.suppress(OSError):  # where that file is not ours to write; the doctor tells
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
    # where memory runs out the kernel is to end this one, not the zygote
    Path("/proc/self/oom_score_adj").write_text("1000")
    close_all_but(channel.fileno())
    drop_rights()
    set_limits(own_space=True)


def seed_everything() -> None:
    """Seed what an answer may draw from without asking, so that the same grade comes again."""
    random.seed(0)
    np.random.seed(0)
    if keras := sys.modules.get("keras"):
        keras.utils.set_random_seed(0)


class Asked:
    """Answer what the grader asks over a socket: load a notebook, then call its answers."""

    def __init__(self, channel: socket.socket):
        self.stream = channel.makefile("rwb")
        self.module = ModuleType("__main__")
        self.loaded: cells.Loaded | None = None
        self.drivers: ModuleType | None = None

    def take(self, length: int) -> bytes:
        """Return exactly so many bytes; EOFError where the grader is gone."""
        data = self.stream.read(length)
        if len(data) < length:
            raise EOFError
        return data

    def say(self, message: dict[str, Any], arrays: list[np.ndarray] | tuple = ()) -> None:
        """Send one message."""
        self.stream.write(frames.pack(message, arrays))
        self.stream.flush()

    def run(self) -> None:
        """Answer until the grader hangs up."""
        self.say({"ready": True})
        with contextlib.suppress(EOFError):
            while True:
                message, arrays = frames.read(self.take, MOST_REQUEST)
                if "cells" in message:
                    self.load(message)
                else:
                    self.call(message, arrays)

    def load(self, message: dict[str, Any]) -> None:
        """Run the cells of a notebook and say what came of it."""
        sys.modules["__main__"] = self.module
        seed_everything()
        loaded = cells.load(
            message["cells"],
            message["questions"],
            self.module,
            skip=[tuple(place) for place in message["skip"]],
            everything=message["everything"],
            about_to=lambda cell, statement: self.say({"at": [cell, statement]}),
        )
        self.loaded = loaded
        self.say(
            {
                "answers": loaded.answers,
                "defined": [
                    name for name, function in message["questions"].items() if function in loaded.names
                ],
                "errors": loaded.errors[:100],
                "left_out": sorted(loaded.left_out)[:200],
            }
        )

    def call(self, message: dict[str, Any], arrays: list[np.ndarray]) -> None:
        """Make the calls of one question, and send what each returns."""
        if message["drivers"] and self.drivers is None:
            self.drivers = ModuleType("drivers")
            exec(compile(message["drivers"], "drivers.py", "exec"), vars(self.drivers))
        seed_everything()
        for number, call in enumerate(message["calls"]):
            try:
                values, error = answering.call(
                    self.loaded.names,
                    message["function"],
                    frames.rebuild(call["arguments"], arrays),
                    call["driver"],
                    self.drivers,
                )
                values = [
                    v.astype(np.float64) if v.dtype.itemsize > 8 and v.dtype.kind == "f" else v
                    for v in values or []
                ]
            except BaseException as raised:  # KeyboardInterrupt, say: an error of the answer like any other
                values, error = [], cells.said(raised)
            try:
                self.say({"case": number, "error": error}, values)
            except frames.Malformed as refused:
                self.say({"case": number, "error": f"NotPlain: {refused}"})


def serve(channel: socket.socket) -> None:
    """Run one notebook with nothing to read from and nowhere to print to, and end."""
    settle_down()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    Asked(channel).run()
    os._exit(0)


def zygote(control: socket.socket) -> None:
    """Fork a locked-in child for each socket that comes; end with the grader."""
    control.sendall(b"+")
    while True:
        data, (*files,), _, _ = socket.recv_fds(control, 1, 1)
        if not data:
            return
        child = os.fork()
        if not child:
            # whatever happens, a child never returns into the zygote's loop
            try:
                control.close()
                channel = socket.socket(fileno=files[0])
                signal.signal(signal.SIGINT, signal.default_int_handler)
                try:
                    lock_in(channel)
                except OSError as error:
                    channel.sendall(b"-" + str(error).encode())
                    os._exit(1)
                serve(channel)
            finally:
                os._exit(1)
        for file in files:
            os.close(file)
        os.waitpid(child, 0)  # it ends as soon as the first process of the new spaces is there


def main(way: str, descriptor: str, *modules: str) -> None:
    """Import the modules, then be a zygote or run one notebook."""
    if way != "unsafe":
        become_nobody()
    channel = socket.socket(fileno=int(descriptor))
    for module in modules:
        importlib.import_module(module)
    if way == "zygote":
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader, which hangs up
        zygote(channel)
    else:
        drop_rights()
        set_limits(own_space=way != "unsafe")
        serve(channel)


if __name__ == "__main__":
    main(*sys.argv[1:])
