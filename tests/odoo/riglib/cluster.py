"""A private PostgreSQL: its own folder, its own port, ended with the rig. The machine's own PostgreSQL is not touched."""

import json
import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

from .processes import RigError, clean_environment, free_port, run, spawn, stop, tail, wait_until

SUPERUSER = "odoo"
"""Odoo refuses to work as `postgres`."""
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""A test's database need not survive a power cut. The bench asks for a durable one, as an office has."""
_CONNECTIONS = 300
"""Several processes with tests share a server; each Odoo of a test holds up to a dozen."""
_LINE_OF_PORT = 3
"""Of `postmaster.pid`, counted from 0; it is PostgreSQL's own (`miscadmin.h`, LOCK_FILE_LINE_PORT counts from 1)."""
_ATTEMPTS = 3
_START_SECONDS = 120.0


class Cluster:
    """One PostgreSQL server in `folder`, which must be readable (not writable) for the user that runs PostgreSQL."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.port = 0
        self._settings = () if durable else _FAST
        self._process: subprocess.Popen[bytes] | None = None
        self._user = postgres_user()

    def create(self) -> None:
        """An empty cluster."""
        self._make_folder()
        command = [
            programs() / "initdb",
            "-D",
            self.data,
            "-U",
            SUPERUSER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        run([*command, "--no-sync"], what="initdb", user=self._user)

    def adopt(self, prepared: Path) -> None:
        """A copy of a stopped cluster's data folder."""
        self._make_folder()
        copy_tree(prepared, self.data)

    def join(self) -> None:
        """Use the server that another process started in this folder."""
        try:
            self.port = int((self.data / "postmaster.pid").read_text().splitlines()[_LINE_OF_PORT])
        except (OSError, ValueError, IndexError):
            raise RigError(f"no PostgreSQL runs in {self.folder}") from None

    def start(self) -> None:
        """Start on a free port of the loopback and wait until it answers."""
        for _ in range(_ATTEMPTS):
            self.port = free_port()
            if self._serve():
                return
        raise RigError(f"PostgreSQL does not start\n{tail(self._log)}")

    def restart(self) -> None:
        """Stop and start on the same port, as an administrator does: every connection is cut."""
        if self._process is None:
            raise RigError("another process started this PostgreSQL, and others may use it")
        self.stop()
        if not self._serve():
            raise RigError(f"PostgreSQL does not start again\n{tail(self._log)}")

    def _serve(self) -> bool:
        settings = {
            "port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder,
            "max_connections": _CONNECTIONS,
        }  # fmt: skip
        options = [f"{key}={value}" for key, value in settings.items()] + list(self._settings)
        command = [programs() / "postgres", "-D", self.data, *(part for option in options for part in ("-c", option))]
        # SIGINT is PostgreSQL's fast shutdown: it does not wait for its clients.
        self._process = spawn(command, output=self._log, user=self._user, death=signal.SIGINT)
        return wait_until(self._answers, process=self._process, seconds=_START_SECONDS, what="PostgreSQL")

    @property
    def _log(self) -> Path:
        return self.folder.parent / "postgres.log"

    def stop(self) -> None:
        """End the server; the data folder stays."""
        if self._process is not None:
            stop(self._process, signal.SIGINT)
            self._process = None

    def sql(self, database: str, statement: str) -> list[dict]:
        """Run a statement. Rows come back as dicts for SELECT, WITH, VALUES and TABLE; other statements return no rows."""
        first = (statement.split() or [""])[0].lower()
        rows = first in ("select", "with", "values", "table")
        if rows:
            body = statement.strip().rstrip(";")
            statement = f"SELECT coalesce(json_agg(rig_row), '[]') FROM (\n{body}\n) AS rig_row"
        said = run(self._psql(database), what=f"SQL on {database}", text=statement)
        return json.loads(said) if rows else []

    def create_database(self, name: str, template: str = "template0") -> None:
        """CREATE DATABASE; a template must have no connection, so its Odoo is stopped."""
        self.sql("postgres", f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop_database(self, name: str) -> None:
        """DROP DATABASE, even while somebody is connected."""
        self.sql("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _psql(self, database: str) -> list[str | Path]:
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-U", SUPERUSER, "-d", database]
        return [programs() / "psql", *address, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-"]

    def _answers(self) -> bool:
        command = [programs() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-t", "1"]
        return subprocess.run(command, env=clean_environment(), capture_output=True).returncode == 0

    def _make_folder(self) -> None:
        self.folder.mkdir(exist_ok=True)
        if self._user:
            shutil.chown(self.folder, self._user, self._user)


def postgres_user() -> str | None:
    """Who runs PostgreSQL: root must not, so Debian's `postgres` does; an ordinary user does it as himself (None)."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise RigError("no user postgres: is the Debian package postgresql installed?") from None


def programs() -> Path:
    """The newest PostgreSQL on the machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise RigError("PostgreSQL is not installed: run `rig.py setup`")
    return found[-1].parent


def copy_tree(source: Path, target: Path) -> None:
    """Copy a folder with owners and modes; much faster than shutil for many small files."""
    run(["cp", "-a", "--reflink=auto", source, target], what=f"copying {source.name}")
