"""An Odoo that has imported itself and waits: each process of the rig's Odoos is a fork of it.

The imports are half of what starting an Odoo costs (1.1 s of processor time, some hundred times in a whole run). A fork
then runs Odoo's own launcher, with its own arguments, as `python launcher arguments` would. `forks.py` talks to it.

Usage: seed.py SOCKET LAUNCHER [FOLDER OF ADDONS ...]
"""

import contextlib
import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import sys

# A script, so its folder is where modules are looked for.
from processes import die_with_parent

ADDONS = ("base", "web", "bus", "mail", "contacts")
"""Odoo's own. Of the project's none: a test may take a folder away, or put another in its place."""
_MOST = 1 << 16


def main() -> None:
    """Fork for each request; in a fork, return to become Odoo."""
    control = socket.socket(fileno=int(sys.argv[1]))
    launcher, folders = sys.argv[2], sys.argv[3:]
    sys.path[0] = os.path.dirname(launcher)
    importlib.import_module("odoo.cli")
    path = importlib.import_module("odoo.addons").__path__
    for folder in folders:
        if folder not in path:
            path.append(folder)
    for name in ADDONS:
        importlib.import_module(f"odoo.addons.{name}")
    gc.freeze()
    if (arguments := _serve(control)) is not None:
        sys.argv = [launcher, *arguments]
        runpy.run_path(launcher, run_name="__main__")


def _serve(control: socket.socket) -> list[str] | None:
    """The arguments, in a fork; nothing when the rig has gone."""
    # A signal that ends a process comes as a byte, so that none is lost between two looks.
    bell, rings = socket.socketpair()
    rings.setblocking(False)
    signal.set_wakeup_fd(rings.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    forks: dict[int, socket.socket] = {}
    with selectors.DefaultSelector() as ready:
        ready.register(control, selectors.EVENT_READ)
        ready.register(bell, selectors.EVENT_READ)
        while True:
            for key, _events in ready.select():
                if key.fileobj is bell:
                    bell.recv(_MOST)
                    _tell_ends(forks)
                    continue
                request, fds = _receive(control)
                if not request:
                    return None
                stdin, stdout, stderr, status = fds
                end_with_parent = die_with_parent(signal.SIGTERM)
                if pid := os.fork():
                    forks[pid] = socket.socket(fileno=status)
                    for fd in (stdin, stdout, stderr):
                        os.close(fd)
                    _say(forks[pid], pid)
                    continue
                for fork in (control, bell, rings, *forks.values()):
                    fork.close()
                os.close(status)
                end_with_parent()
                _settle(stdin, stdout, stderr)
                return json.loads(request)


def _receive(control: socket.socket) -> tuple[bytes, list[int]]:
    try:
        request, fds, _flags, _address = socket.recv_fds(control, _MOST, 4)
    except ConnectionResetError:
        return b"", []
    return request, fds


def _tell_ends(forks: dict[int, socket.socket]) -> None:
    while forks:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with forks.pop(pid) as fork:
            _say(fork, os.waitstatus_to_exitcode(status))


def _say(fork: socket.socket, number: int) -> None:
    with contextlib.suppress(OSError):
        fork.send(b"%d" % number)


def _settle(*standard: int) -> None:
    """A group and standard streams of its own."""
    os.setsid()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, fd in enumerate(standard):
        os.dup2(fd, number)
        os.close(fd)
    os.chdir("/")


if __name__ == "__main__":
    main()
