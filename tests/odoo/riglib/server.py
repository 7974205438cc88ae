"""One Odoo database and what can be done with it: install, upgrade, serve, call, look into, stop."""

import json
import re
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from signal import SIGKILL
from typing import TYPE_CHECKING, Any

from . import launch
from .forks import Fork
from .log import Allowed, Entry, allow, deprecations_outside, problems
from .processes import RigError, free_port, stop, tail, wait_until
from .rpc import DIRECT, KeySession, Session

_UNDER_WAY = """
SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()
"""

if TYPE_CHECKING:
    from .session import Rig

START_SECONDS = 240.0
"""A first start on a busy machine with two cores; usually 2 s."""
_FIRST_PAGES = ("/web/login", "/web/static/img/favicon.ico")
"""Asked in turn before anybody else. The first static file makes Odoo parse every manifest, which in two threads at
once fails now and then on Python before 3.11.8 ("AST constructor recursion depth mismatch", CPython issue 106905)."""
_ATTEMPTS = 3
_FORGET = """
DELETE FROM ir_module_module WHERE name = '{name}' AND state = 'uninstalled';
DELETE FROM ir_model_data WHERE model = 'ir.module.module' AND res_id NOT IN (SELECT id FROM ir_module_module);
"""
"""Odoo has a row for every addon that it ever saw, and installs one that installs itself although its folder is gone."""


class UnexpectedLog(RigError, AssertionError):
    """Warnings or errors in Odoo's log that nobody allowed."""


class Odoo:
    """A database of the rig with its own port and log. Made by `Rig`; not served until `start`."""

    login = "admin"
    password = "admin"  # noqa: S105 (what every fresh Odoo database has)

    def __init__(self, rig: "Rig", database: str, *, cron_threads: int = 0) -> None:
        self.rig = rig
        self.database = database
        self.port = free_port()
        self.log_path = rig.folder / f"{database}.log"
        self.cron_threads = cron_threads
        self.addons_paths = rig.addons_paths
        """Which folders of addons it sees besides Odoo's own."""
        self._allowed: list[Allowed] = [deprecations_outside((*rig.addons_paths, rig.folder))]
        self._process: Fork | None = None

    @property
    def url(self) -> str:
        """Where the server listens, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        """Whether the server's process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> "Odoo":
        """Serve the database and return when the login page answers."""
        for _ in range(_ATTEMPTS):
            self._process = self.rig.forks.spawn(launch.arguments(self), output=self._output)
            try:
                if wait_until(self._answers, process=self._process, seconds=START_SECONDS, what="Odoo's login page"):
                    return self
            except RigError as error:
                self.stop()
                raise RigError(f"{error}\n{tail(self.log_path)}") from None
            if "Address already in use" not in tail(self._output) + tail(self.log_path):
                break
            self.port = free_port()
        raise RigError(f"Odoo does not start\n{tail(self._output)}\n{tail(self.log_path)}")

    def stop(self) -> None:
        """End the server as an administrator would (SIGTERM)."""
        if self._process is not None:
            stop(self._process)
            self._process = None

    def kill(self) -> None:
        """End the server as a power cut would (SIGKILL); PostgreSQL goes on."""
        if self._process is not None:
            stop(self._process, SIGKILL)
            self._process = None

    def restart(self) -> "Odoo":
        """Stop and start on the same port."""
        self.stop()
        return self.start()

    def see_only(self, addons: Iterable[str], further: Iterable[Path] = ()) -> None:
        """From now on it sees only these of the rig's addons, as on a server where the other folders never were.

        `further`: folders of addons that no other Odoo of the rig sees.
        """
        wanted = set(addons)
        folder = Path(tempfile.mkdtemp(prefix="addons-", dir=self.rig.folder))
        for path in (*self.rig.addons_paths, *further):
            for root in (manifest.parent for manifest in path.glob("*/__manifest__.py")):
                if root.name in wanted:
                    (folder / root.name).symlink_to(root)
                else:
                    self.sql(_FORGET.format(name=root.name))
        self.addons_paths = (folder,)

    def install(self, *modules: str, demo: bool = False) -> None:
        """`-i modules`; the server must not run. `demo`: with demo data, where what they build on has its own."""
        choice = [] if demo else [self.rig.installation.series.without_demo]
        self.one_off("-i", ",".join(modules), *choice, "--no-http", "--stop-after-init")

    def load_demo(self) -> None:
        """Odoo's own button *Load demo data*, for all that is installed."""
        self.shell("env['ir.demo'].install_demo()")

    def upgrade(self, *modules: str) -> None:
        """`-u modules`; the server must not run."""
        self.one_off("-u", ",".join(modules), "--no-http", "--stop-after-init")

    def rpc(self, login: str = login, password: str = password) -> Session:
        """Sign in with a password, as a browser does."""
        return Session(self.url, self.database, login, password)

    def rpc_with_key(self, login: str, key: str) -> KeySession:
        """Sign in with an API key, as a script does."""
        return KeySession(self.url, self.database, login, key)

    def shell(self, code: str, *, commit: bool = True) -> Any:
        """Run Python with `env` (superuser) in `odoo shell`; the last line that it prints, read as JSON (None if none).

        It is a process of its own (about 1 s), beside a server that may run. `commit=False` rolls back.
        """
        said = self.one_off("--no-http", subcommand="shell", text=code + ("\nenv.cr.commit()\n" if commit else "\n"))
        lines = said.strip().splitlines()
        try:
            return json.loads(lines[-1]) if lines else None
        except ValueError:
            raise RigError(f"the shell code printed something that is not JSON: {lines[-1][:300]}") from None

    def sql(self, statement: str) -> list[dict]:
        """Straight to the database; rows as dicts for a query, nothing for other statements."""
        return self.rig.cluster.sql(self.database, statement)

    def answers_somebody(self) -> bool:
        """Whether a request is under way, also one whose client has gone."""
        return bool(self.sql(_UNDER_WAY))

    def allow_log(self, pattern: str, reason: str) -> None:
        """This test causes a warning on purpose: the pattern is searched in `LEVEL logger: text`."""
        self._allowed.append(allow(pattern, reason))

    def log_problems(self) -> list[Entry]:
        """Warnings and errors of this Odoo's log that nobody allowed."""
        return problems(self.log_path, self._allowed)

    def check_log(self) -> None:
        """Fail on the first unexpected warning or error."""
        found = self.log_problems()
        if found:
            raise UnexpectedLog(f"Odoo's log has {len(found)} unexpected warning(s):\n" + "\n".join(map(str, found)))

    def one_off(self, *arguments: str, subcommand: str = "", text: str = "") -> str:
        """Run Odoo to its end (install, upgrade, shell, tests) and return what it printed; a RigError when it fails."""
        done = self.attempt(*arguments, subcommand=subcommand, text=text)
        if done.returncode:
            said = "\n".join(done.stderr.strip().splitlines()[-25:])
            raise RigError(f"Odoo failed (exit code {done.returncode}): {' '.join(arguments)}\n{said}\n{tail(self.log_path)}")
        return done.stdout

    def attempt(self, *arguments: str, subcommand: str = "", text: str = "") -> subprocess.CompletedProcess[str]:
        """The same, for a caller that judges the exit code by itself."""
        return self.rig.forks.attempt(launch.arguments(self, *arguments, subcommand=subcommand), text=text)

    def wait_for_log(self, pattern: str, *, seconds: float = START_SECONDS) -> None:
        """Wait until the log has a line with `pattern` (for what Odoo does by itself: crons, bus)."""
        if self._process is None:
            raise RigError("the server does not run")
        wanted = re.compile(pattern)
        seen = wait_until(
            lambda: bool(wanted.search(self.log_path.read_text(errors="replace"))),
            process=self._process, seconds=seconds, what=f"log line {pattern!r}",
        )  # fmt: skip
        if not seen:
            raise RigError(f"Odoo ended before its log had {pattern!r}\n{tail(self.log_path)}")

    @property
    def _output(self) -> Path:
        return self.log_path.with_suffix(".out")

    def _answers(self) -> bool:
        try:
            return all(self._gives(page) for page in _FIRST_PAGES)
        except (urllib.error.URLError, OSError):
            return False

    def _gives(self, page: str) -> bool:
        with DIRECT.open(self.url + page, timeout=START_SECONDS) as response:
            return response.status == 200
