"""Run one notebook after another inside the sandbox; everything here runs beside students' code.

Two ways to be started by `grading.sandbox.bubblewrap`, in bubblewrap:

    python -m grading.sandbox.inside zygote FD MODULE...   # import the modules once; fork a locked-in child for each
                                                           # socket that comes over FD
    python -m grading.sandbox.inside once FD MODULE...     # run one notebook on the socket FD, where namespaces cannot
                                                           # be nested

and one without it: `python -m grading.sandbox.inside unsafe FD MODULE...`.

A forked child gets user, process, mount, network, IPC and host namespaces of its own, an empty /tmp, and the one
socket that its notebook is asked over. It holds nothing of the zygote's: no socket, no way to see or signal it. It is
the first process of its process namespace, so that all others end with it.
"""

from __future__ import annotations

import importlib
import os
import signal
import socket

from grading.sandbox.inside.isolation import become_nobody, drop_rights, lock_in, set_limits
from grading.sandbox.inside.serving import serve


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
                    data = lock_in(channel)
                except OSError as error:
                    channel.sendall(b"-" + str(error).encode())
                    os._exit(1)
                serve(channel, data)
            finally:
                os._exit(1)
        for file in files:
            os.close(file)
        os.waitpid(child, 0)  # it ends after the first process of the new namespaces, and all others there


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
        set_limits(own_namespaces=way != "unsafe")
        serve(channel)
