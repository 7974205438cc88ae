"""Odoo's processes, as forks of one that has imported Odoo; see seed.py."""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from . import venv
from .processes import ATTEMPT_SECONDS, RigError, die_with_parent, stop
from .versions import Installation

_SEED = Path(__file__).with_name("seed.py")
_MOST = 32


class Fork:
    """One process, with those methods of `subprocess.Popen` that the rig uses."""

    def __init__(self, arguments: Sequence[str], status: socket.socket) -> None:
        self.args = arguments
        self.returncode: int | None = None
        self._status = status
        self.pid = self._number(None) or 0
        if self.pid <= 0:
            raise RigError("the process that Odoo is forked from has ended")

    def poll(self) -> int | None:
        """The exit code; negative for a signal; nothing while it runs."""
        return self._end(0)

    def wait(self, timeout: float | None = None) -> int:
        """Waits for the exit code; `subprocess.TimeoutExpired` after so many seconds."""
        code = self._end(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(list(self.args), timeout or 0)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        """Nothing happens when it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def _end(self, timeout: float | None) -> int | None:
        if self.returncode is None and (code := self._number(timeout)) is not None:
            self.returncode = code
            self._status.close()
        return self.returncode

    def _number(self, timeout: float | None) -> int | None:
        if not select.select([self._status], [], [], timeout)[0]:
            return None
        # Whatever ends the process that tells, ends this one, too.
        return int(self._status.recv(_MOST) or -signal.SIGTERM)


class Forks:
    """Starts the processes of one Odoo installation; the first start imports it."""

    def __init__(self, installation: Installation, environment: Mapping[str, str]) -> None:
        self._command = [venv.python(), _SEED]
        self._arguments = [installation.launcher, *installation.addons]
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def spawn(self, arguments: Sequence[str], *, output: Path) -> Fork:
        """Start a server. It ends with this process, even by SIGKILL."""
        with output.open("ab") as log, open(os.devnull, "rb") as nothing:
            return self._fork(arguments, nothing, log, log)

    def attempt(self, arguments: Sequence[str], *, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run to the end, for a caller that judges the exit code by itself. `text` is the standard input."""
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained, tempfile.TemporaryFile() as given:
            given.write(text.encode())
            given.seek(0)
            fork = self._fork(arguments, given, said, complained)
            try:
                code = fork.wait(ATTEMPT_SECONDS)
            except subprocess.TimeoutExpired:
                raise RigError(f"still running after {ATTEMPT_SECONDS:.0f} s: {' '.join(arguments)}") from None
            finally:
                stop(fork, signal.SIGKILL)
            return subprocess.CompletedProcess(list(arguments), code, _text(said), _text(complained))

    def close(self) -> None:
        """End what was forked and what it was forked from."""
        if self._control and self._process:
            self._control.close()
            stop(self._process)
        self._control = self._process = None

    def _fork(self, arguments: Sequence[str], *streams: IO[bytes]) -> Fork:
        control = self._control or self._start()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            fds = [*(stream.fileno() for stream in streams), theirs.fileno()]
            try:
                socket.send_fds(control, [json.dumps(list(arguments)).encode()], fds)
            except OSError as error:
                raise RigError(f"the process that Odoo is forked from has ended: {error}") from None
        return Fork(arguments, ours)

    def _start(self) -> socket.socket:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [str(part) for part in (*self._command, theirs.fileno(), *self._arguments)],
                env=dict(self._environment),
                stdin=subprocess.DEVNULL,
                cwd="/",
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        return self._control


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode()
