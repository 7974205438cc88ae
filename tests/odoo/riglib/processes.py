"""Child processes: started in a group of their own, ended by their id, and never left behind."""

import contextlib
import ctypes
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

STOP_SECONDS = 60.0
"""How long a process may take to end when asked to; afterwards its whole group is killed."""
ATTEMPT_SECONDS = 1800.0
"""No command of the rig takes half an hour; one that does has hung."""
_PORTS = range(20_000, 30_000)
"""Below the range from which the kernel gives ports to outgoing connections: nobody else takes one in between."""
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


class RigError(Exception):
    """Something the rig cannot do; the message is for the person at the terminal."""


def clean_environment(**extra: str) -> dict[str, str]:
    """This process's environment without what would bend PostgreSQL, Odoo or Python to the machine's own settings."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "ODOO_", "PYTHON", "VIRTUAL_"))}
    return kept | {"PYTHONUNBUFFERED": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"} | extra


def run(
    command: Sequence[str | Path],
    *,
    what: str,
    environment: Mapping[str, str] | None = None,
    text: str = "",
    user: str | None = None,
) -> str:
    """Run to the end and return standard output; a failure shows the end of what the command said."""
    done = attempt(command, environment=environment, text=text, user=user)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-25:])
        raise RigError(f"{what} failed (exit code {done.returncode})\n{said}")
    return done.stdout


def attempt(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    text: str = "",
    user: str | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run to the end, for a caller that judges the exit code by itself. `text` is the standard input."""
    try:
        return subprocess.run(
            [str(part) for part in command],
            env=dict(environment) if environment is not None else clean_environment(),
            input=text,
            capture_output=True,
            text=True,
            cwd="/",
            timeout=ATTEMPT_SECONDS,
            preexec_fn=die_with_parent(signal.SIGTERM),
            **_identity(user),
        )
    except subprocess.TimeoutExpired:
        raise RigError(f"still running after {ATTEMPT_SECONDS:.0f} s: {command[0]}") from None


def spawn(
    command: Sequence[str | Path],
    *,
    output: Path,
    environment: Mapping[str, str] | None = None,
    user: str | None = None,
    death: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a server. It gets `death` from the kernel when this process dies, even by SIGKILL."""
    with output.open("ab") as log:
        return subprocess.Popen(
            [str(part) for part in command],
            env=dict(environment) if environment is not None else clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
            preexec_fn=die_with_parent(death),
            **_identity(user),
        )


class Process(Protocol):
    """One that runs: `subprocess.Popen` is such a one."""

    pid: int

    def poll(self) -> int | None:
        """The exit code, once it has ended."""

    def wait(self, timeout: float | None = None) -> int:
        """The exit code; `subprocess.TimeoutExpired` after so many seconds."""

    def send_signal(self, sig: signal.Signals, /) -> None:
        """Nothing happens when it has ended."""


def stop(process: Process, how: signal.Signals = signal.SIGTERM) -> int:
    """Ask the process to end, then make sure that nothing of its group stays. Returns its exit code."""
    if process.poll() is None:
        process.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def wait_until(ready: Callable[[], bool], *, process: Process, seconds: float, what: str) -> bool:
    """Poll `ready`. False when the process ended before; a RigError when the time is over."""
    limit = time.monotonic() + seconds
    while process.poll() is None:
        if ready():
            return True
        if time.monotonic() > limit:
            raise RigError(f"{what} did not answer within {seconds:.0f} s")
        time.sleep(0.05)
    return False


def free_port() -> int:
    """A port on the loopback that nobody listens on now; the caller tries another when it is lost to someone."""
    for port in random.sample(_PORTS, 200):
        with contextlib.closing(socket.socket()) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RigError("no free port on 127.0.0.1")


def tail(path: Path, lines: int = 30) -> str:
    """The end of a log, for an error message."""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else ""


def _identity(user: str | None) -> dict[str, object]:
    return {"user": user, "group": user, "extra_groups": []} if user else {}


def die_with_parent(death: signal.Signals) -> Callable[[], None]:
    """For a new process, to be called in it: it gets `death` when the process that called this dies."""
    parent = os.getpid()

    def before_exec() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(death))
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def spawn_visible(command: Sequence[str | Path]) -> int:
    """Run a command on this terminal. Ctrl-C and SIGTERM reach it exactly once, and it has time to clean up after itself."""
    process = subprocess.Popen(
        [str(part) for part in command],
        env=clean_environment(**{key: value for key, value in os.environ.items() if key == "ODOO_HOME"}),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    try:
        return process.wait()
    except KeyboardInterrupt:
        # Not SIGINT: a shell starts background jobs with SIGINT ignored, and that is inherited.
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(3 * STOP_SECONDS)
        raise
    finally:
        if process.poll() is None:
            stop(process, signal.SIGKILL)
