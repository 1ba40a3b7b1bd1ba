"""Lock a process into namespaces of its own, take its rights away, and limit what it may use."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import re
import resource
import socket
from pathlib import Path

from grading.sandbox.inside import messages

NOBODY = 65534
MIB = 1 << 20
LIMITS = {
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_NOFILE: 256,
    resource.RLIMIT_FSIZE: 64 * MIB,
    resource.RLIMIT_DATA: 2048 * MIB,  # not RLIMIT_AS: TensorFlow reserves far more addresses than it uses
}
PROCESSES = 64  # including threads
COUNTED_BY_NAMESPACE = (
    5,
    14,
)  # the first kernel that counts them by user namespace; older ones count all of a user's
DATA = Path("/keras")  # where the data sets are mounted
SCRATCH = {"/tmp": "size=64m,nr_inodes=4096,mode=1777", "/dev/shm": "size=16m,nr_inodes=256,mode=1777"}

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE = {
    "user": 0x10000000,
    "pid": 0x20000000,
    "mount": 0x20000,
    "net": 0x40000000,
    "ipc": 0x8000000,
    "uts": 0x4000000,
}
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 0x4000, 0x40000
PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 4, 24, 38
LAST_CAPABILITY = 63
CAPABILITY_VERSION_3 = 0x20080522


def system(result: int, what: str) -> None:
    """Raise OSError if a call of the C library failed."""
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def become_nobody() -> None:
    """Give up being root if bubblewrap was started by root; else do nothing."""
    if os.geteuid() == 0:
        # For root, bubblewrap covers parts of /proc, and the kernel then lets no user mount a new one.
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        # otherwise /proc/self belongs to root, and the maps of a user namespace could not be written
        LIBC.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """Mount a file system; OSError if the kernel refuses."""
    arguments = (source.encode(), target.encode(), kind.encode(), flags, options.encode())
    system(LIBC.mount(*arguments), f"mount {kind} on {target}")


def cover_data() -> int | None:
    """Cover the data sets with an empty folder; return the open one, by which they are still reached, if there is one.

    Drivers read them before the student's code runs, and then it is closed: no answer finds what it is tried with.
    """
    if not DATA.is_dir():
        return None
    folder = os.open(DATA, os.O_RDONLY | os.O_DIRECTORY)
    mount("tmpfs", str(DATA), "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV, "size=4k,mode=555")
    return folder


def new_namespaces() -> int | None:
    """Move this process into namespaces of its own; its next child is the first process there.

    Return the open folder of the data sets, see `cover_data`.
    """
    user, group = os.geteuid(), os.getegid()
    system(LIBC.unshare(sum(CLONE.values())), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    system(LIBC.mount(None, b"/", None, MS_REC | MS_PRIVATE, None), "make mounts private")
    for target, options in SCRATCH.items():
        mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, options)
    return cover_data()


def drop_rights() -> None:
    """Give up every right that the new user namespace gave, for good."""
    system(LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    for capability in range(LAST_CAPABILITY + 1):
        LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)  # refused for numbers that this kernel does not know
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    system(LIBC.capset(header, (ctypes.c_uint32 * 6)()), "drop capabilities")


def set_limits(own_namespaces: bool) -> None:
    """Limit what this process and each of its children may use. The grader watches what they use together."""
    limits = dict(LIMITS)
    if own_namespaces and tuple(map(int, re.findall(r"\d+", os.uname().release)[:2])) >= COUNTED_BY_NAMESPACE:
        limits[resource.RLIMIT_NPROC] = PROCESSES
    for what, most in limits.items():
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def close_all_but(*kept: int) -> None:
    """Close every file but some and the standard streams."""
    ends = sorted({2, *kept, 65536})
    for one, following in itertools.pairwise(ends):
        os.closerange(one + 1, following)


def wait_for(first: int, channel: socket.socket, go: int) -> None:
    """Send the grader what ends the first process and what tells how it ended; let it go, and wait for it.

    This process runs no student's code and cannot be reached from inside, so the grader believes what it tells.
    """
    told, tell = os.pipe()
    socket.send_fds(channel, [b"+"], [os.pidfd_open(first), told])
    drop_rights()
    os.write(go, b".")  # only now, so that nothing of the student's can be taken for these two
    close_all_but(tell)  # the socket too: its end shows that nobody inside holds it any more
    _, status = os.waitpid(first, 0)
    os.write(tell, str(os.waitstatus_to_exitcode(status)).encode())


def lock_in(channel: socket.socket) -> int | None:
    """Move from the zygote into new namespaces; the process that returns is the first one there.

    Return the open folder of the data sets, see `cover_data`.
    """
    data = new_namespaces()
    ready, go = os.pipe()
    if first := os.fork():
        os.close(ready)
        wait_for(first, channel, go)
        os._exit(0)
    os.close(go)
    os.read(ready, 1)
    os.close(ready)
    try:
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    except OSError as error:
        channel.sendall(messages.pack({"ready": False, "why": str(error)}))
        os._exit(1)
    # no user namespaces inside: they would open parts of the kernel that only their owners can reach
    with contextlib.suppress(OSError):  # if this user may not write that file; the doctor reports it
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
    # if memory runs out, the kernel is to end this process, not the zygote
    Path("/proc/self/oom_score_adj").write_text("1000")
    close_all_but(channel.fileno(), *([] if data is None else [data]))
    drop_rights()
    set_limits(own_namespaces=True)
    return data
