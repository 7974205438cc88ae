"""The other real parts of an end-to-end test: the simulator of SICANTIK and the worker, as processes."""

import json
import os
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from riglib import processes
from riglib.rpc import DIRECT, KeySession, Session
from riglib.server import Odoo
from truth import differences

REPOSITORY = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or REPOSITORY / "target")
PROFILE = os.environ.get("SICANTIK_PROFILE", "debug")
WORKER = TARGET / PROFILE / "sicantik"
SIMULATOR = TARGET / PROFILE / "examples" / "sicantik-simulator"
OPEN_STATES = ("queued", "claimed")
CALLS_AT_ONCE = 4
"""So many calls a worker has on their way to SICANTIK."""
_WINDOW_SECONDS = 3.0
QUICK_LEASE = {"SICANTIK__WORKER__LEASE_SECONDS": "10", "SICANTIK__WORKER__POLL_SECONDS": "1"}
"""For tests in which a worker dies: its run is taken up again after seconds."""
WAIT_SECONDS = 240.0
"""What has not come by then has hung: a limit of patience, not of speed, on a machine that others keep busy."""


def check_built() -> None:
    """A RigError that says what to do when the worker or the simulator was not built."""
    missing = [path.name for path in (WORKER, SIMULATOR) if not path.is_file()]
    if missing:
        profile = " --release" if PROFILE == "release" else ""
        remedy = f"cargo build{profile} --locked --bin {WORKER.name} --example {SIMULATOR.name}"
        raise processes.RigError(f"not built yet: {', '.join(missing)}; run `{remedy}`")


@contextmanager
def killed_after(seconds: float, kill: Callable[[], object]) -> Iterator[None]:
    """While something is done: kills somebody in the midst of it, and at its end has done so."""
    killer = threading.Timer(seconds, kill)
    killer.start()
    try:
        yield
    finally:
        killer.join()


class Simulator:
    """A stand-in SICANTIK. Its admin endpoint tells the truth that Odoo must equal."""

    def __init__(self, folder: Path, *, permits: int = 500, seed: int = 1, options: tuple[str, ...] = ()) -> None:
        self._output = folder / f"simulator-{time.monotonic_ns()}.log"
        command = [SIMULATOR, "--permits", str(permits), "--seed", str(seed), *options]
        self.process = processes.spawn(command, output=self._output)
        processes.wait_until(self._said_address, process=self.process, seconds=WAIT_SECONDS, what="the simulator")
        addresses = json.loads(self._output.read_text().splitlines()[0])
        self.url: str = addresses["base_url"]
        self._admin_url: str = addresses["admin_url"]

    def _said_address(self) -> bool:
        return self._output.exists() and "\n" in self._output.read_text()

    def admin(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """Calls the admin endpoint: GET without a body, POST with one."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._admin_url}/{path}", data, {"Content-Type": "application/json"}, method=method)
        with DIRECT.open(request, timeout=WAIT_SECONDS) as response:
            text = response.read()
        return json.loads(text) if text else None

    def permits(self) -> list[dict[str, Any]]:
        """Every permit that the list can show, as a perfect reader would know it."""
        return self.admin("truth")["permits"]

    def calls(self) -> list[dict[str, Any]]:
        """Every call received, with its arrival in microseconds."""
        return self.admin("calls")

    def forget_calls(self) -> None:
        self.admin("calls", method="DELETE")

    def fail(self, **rule: Any) -> None:
        """Injects one fault, in place of earlier ones."""
        self.admin("faults", {"rules": [rule]})

    def heal(self) -> None:
        self.admin("faults", method="DELETE")

    def stop(self) -> None:
        processes.stop(self.process)


class Worker:
    """The binary `sicantik`, paired with an Odoo as an administrator pairs it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        self.port = processes.free_port()
        self.log = folder / f"worker-{self.port}.log"
        self.files = folder / f"files-{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _variables(self) -> dict[str, str]:
        ours = {
            "SICANTIK__INTERNAL__LISTEN": f"127.0.0.1:{self.port}",
            "SICANTIK__STORE__URL": f"sqlite:{self.folder}/store-{self.port}.db",
            "SICANTIK__WHATSAPP__JOURNAL_FILE": f"{self.folder}/sent-{self.port}.journal",
            "SICANTIK__FILES__FOLDER": str(self.files),
        }
        return processes.clean_environment(**(ours | self.environment))

    def run(self, *arguments: str) -> tuple[int, dict[str, Any], str]:
        """`sicantik run ... --json`: exit code, the line of JSON, what it said on standard error."""
        return self.command("run", *arguments)

    def command(self, *arguments: str) -> tuple[int, dict[str, Any], str]:
        """Any command that takes `--json`: exit code, the line of JSON, what it said on standard error."""
        done = processes.attempt([WORKER, *arguments, "--json"], environment=self._variables())
        lines = done.stdout.strip().splitlines()
        return done.returncode, json.loads(lines[-1]) if lines else {}, done.stderr

    def migrate(self, *arguments: str) -> tuple[int, str, str]:
        """`sicantik migrate`: exit code, what it did, what it said on standard error."""
        done = processes.attempt([WORKER, "migrate", *arguments], environment=self._variables())
        return done.returncode, done.stdout.strip(), done.stderr

    def doctor(self) -> tuple[int, dict[str, str], str]:
        """`sicantik doctor --json`: exit code, how each link is, and everything that it said."""
        done = processes.attempt([WORKER, "doctor", "--json"], environment=self._variables())
        checks = json.loads(done.stdout)["checks"]
        return done.returncode, {check["check"]: check["state"] for check in checks}, done.stdout + done.stderr

    def start_run(self, *arguments: str, **environment: str) -> "Worker":
        """`sicantik run ...` without waiting for its end, to be stopped in the middle."""
        command = [WORKER, "run", *arguments]
        self.process = processes.spawn(command, output=self.log, environment=self._variables() | environment)
        return self

    def start(self, **environment: str) -> "Worker":
        """`sicantik serve`; returns when it answers."""
        self.spawn(**environment)
        if not processes.wait_until(self._alive, process=self.process, seconds=WAIT_SECONDS, what="the worker"):
            raise AssertionError(f"the worker ended at once:\n{processes.tail(self.log)}")
        return self

    def spawn(self, **environment: str) -> None:
        """`sicantik serve`, without waiting for it."""
        self.process = processes.spawn([WORKER, "serve"], output=self.log, environment=self._variables() | environment)

    def _alive(self) -> bool:
        try:
            return self.get("healthz")["status"] == "ok"
        except OSError:
            return False

    def get(self, path: str) -> dict[str, Any]:
        with DIRECT.open(f"{self.url}/{path}", timeout=WAIT_SECONDS) as response:
            return json.load(response)

    def metrics(self) -> str:
        """What Prometheus would read."""
        with DIRECT.open(f"{self.url}/metrics", timeout=WAIT_SECONDS) as response:
            return response.read().decode()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ends `serve`; SIGKILL is the power cut."""
        assert self.process, "the worker was not started"
        code = processes.stop(self.process, how)
        self.process = None
        return code

    def kill(self) -> None:
        """The power cut."""
        self.stop(signal.SIGKILL)

    def log_text(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


class Office:
    """An Odoo, a SICANTIK and a worker that know each other."""

    def __init__(self, odoo: Odoo, simulator: Simulator, worker: Worker, admin: Session, config_id: int) -> None:
        self.odoo, self.simulator, self.worker, self.admin, self.config_id = odoo, simulator, worker, admin, config_id

    def press(self, button: str) -> int:
        """Presses a button of the configuration; returns the id of the run that it opened or joined."""
        action = self.admin.call("sicantik.config", button, [self.config_id])
        return action["params"]["next"]["res_id"]

    def order(self, kind: str, limit: int = 0, *, full: bool = False) -> int:
        """Presses the button for a kind of run."""
        if kind == "expiry" and (limit != 10 or full):
            vals = {"config_id": self.config_id, "mode": "all", "full": full}
            wizard = self.admin.call("sicantik.expiry.sync", "create", vals)
            return self.admin.call("sicantik.expiry.sync", "action_start", [wizard])["params"]["next"]["res_id"]
        buttons = {
            "permits": "action_sync_now",
            "types": "action_sync_types",
            "probe": "action_test_connection",
            "expiry": "action_test_expiry_sync",
        }
        if kind not in buttons:
            arguments = {"config_id": self.config_id, "kind": kind, "limit": limit, "full": full, "origin": "schedule"}
            return self._as_worker().call("sicantik.sync.run", "order", **arguments)["run"]["id"]
        return self.press(buttons[kind])

    def _as_worker(self) -> KeySession:
        account = self.worker.environment
        return self.odoo.rpc_with_key(account["SICANTIK__ODOO__LOGIN"], account["SICANTIK__ODOO__API_KEY"])

    @property
    def database_uuid(self) -> str:
        """Names the database, as pairing pinned it."""
        return self.worker.environment["SICANTIK__ODOO__DATABASE_UUID"]

    def unhurried(self, rate: float) -> None:
        """More calls a second than Odoo's form allows, for tests that are not about the rate."""
        self.odoo.sql(f"UPDATE sicantik_config SET rate_limit = {rate}")

    def pair_again(self) -> None:
        """Presses Connect Worker again; the worker is given the new lines at its next start."""
        self.worker.environment |= pair(self.admin, self.config_id)
        self.worker.environment["SICANTIK__ODOO__URL"] = self.odoo.url

    def revoke_keys(self) -> None:
        """An administrator removes the worker's API keys."""
        login = self.worker.environment["SICANTIK__ODOO__LOGIN"]
        remove = f"env['res.users.apikeys'].search([('user_id.login', '=', {login!r})])._remove()"
        # The server that runs beside the shell is told, as by a person's click.
        self.odoo.shell(f"{remove}\nenv.cr.commit()\nenv.registry.signal_changes()")

    def spoil_details(self, count: int) -> list[str]:
        """From now on SICANTIK cannot answer for `count` permits that it has a detail of; their registrations."""
        truth = self.simulator.permits()
        found = [permit for permit in truth if permit["detail_by"] == "number" and "'" not in permit["permit_number"]]
        spoilt = [permit["registration_number"] for permit in found[:count]]
        rules = [{"endpoint": "*", "fault": "status", "status": 500, "contains": number} for number in spoilt]
        self.simulator.admin("faults", {"rules": rules})
        return spoilt

    def fall_silent(self) -> None:
        """The worker ends, and was last heard of ten minutes ago. What it asked last may still be under way in Odoo."""
        self.worker.stop()
        processes.wait_until(
            lambda: not self.odoo.answers_somebody(),
            process=self.simulator.process,
            seconds=WAIT_SECONDS,
            what="Odoo's last answer to the worker",
        )
        self.odoo.sql("UPDATE sicantik_config SET worker_seen = worker_seen - interval '10 minutes'")

    def issues(self) -> dict[str, int]:
        """What the issues are about, with their ids."""
        found = self.admin.call("sicantik.sync.issue", "search_read", [], ["key"])
        return {issue["key"]: issue["id"] for issue in found}

    def newest_run(self, state: str) -> int:
        """The newest run that ended like this."""
        return self.admin.call("sicantik.sync.run", "search", [("state", "=", state)], limit=1, order="id desc")[0]

    def read_config(self, field: str) -> Any:
        return self.admin.call("sicantik.config", "read", [self.config_id], [field])[0][field]

    def must_agree(self, *, details: bool, what: str = "") -> None:
        """Odoo is as SICANTIK has it, permit by permit, says the simulator and says `sicantik compare`; no run is stuck."""
        found = differences(self.admin, self.simulator.permits(), details=details)
        # A permit that left the list stays in Odoo, marked.
        missing = self.admin.call("sicantik.permit", "search_count", [("missing_since", "!=", False)])
        unexpected = [line for line in found if not line.startswith("only in Odoo")]
        assert (unexpected, len(found) - missing <= 0) == ([], True), f"{what}: {found[:20]}"
        stuck = self.admin.call("sicantik.sync.run", "search_read", [("state", "in", OPEN_STATES)], ["kind", "state"])
        assert stuck == [], f"{what}: {stuck}"
        code, told, said = self.worker.command("compare")
        assert code == 0, f"{what}: sicantik compare found {told}\n{said}"

    def read_run(self, run_id: int) -> dict[str, Any]:
        fields = ["state", "kind", "done", "total", "created", "updated", "unchanged", "flagged", "failed", "api_calls",
                  "attempts", "error_code", "error_message", "stage"]  # fmt: skip
        return self.admin.call("sicantik.sync.run", "read", [run_id], fields)[0]

    def wait_for_any_run(self, seconds: float = WAIT_SECONDS) -> int:
        """The id of the newest run, as soon as there is one."""
        limit = time.monotonic() + seconds
        while not (found := self.admin.call("sicantik.sync.run", "search", [], limit=1, order="id desc")):
            assert time.monotonic() < limit, f"no run was ordered\n{processes.tail(self.worker.log)}"
            time.sleep(0.05)
        return found[0]

    def wait_for(self, run_id: int, condition: Callable[[dict[str, Any]], bool], seconds: float = WAIT_SECONDS) -> dict[str, Any]:
        limit = time.monotonic() + seconds
        while True:
            run = self.read_run(run_id)
            if condition(run):
                return run
            assert time.monotonic() < limit, f"run {run_id} did not get there: {run}\n{processes.tail(self.worker.log)}"
            time.sleep(0.1)

    def wait_until(self, condition: Callable[[], bool], what: str, seconds: float = WAIT_SECONDS) -> None:
        limit = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < limit, f"not so after {seconds:.0f} s: {what}\n{processes.tail(self.worker.log)}"
            time.sleep(0.2)

    def show_worker_once(self) -> None:
        """The service runs until Odoo has heard of it; commands do not count."""
        self.worker.start(**QUICK_LEASE)
        self.wait_until(lambda: self.read_config("worker_state") == "connected", "the worker was heard of")
        self.worker.stop()

    def wait_end(self, run_id: int, seconds: float = WAIT_SECONDS) -> dict[str, Any]:
        return self.wait_for(run_id, lambda run: run["state"] not in OPEN_STATES, seconds)


def must_be_polite(calls: list[dict[str, Any]], rate: float, *, resumed: int = 0, what: str = "") -> None:
    """SICANTIK was asked at most `rate` times a second: in any three seconds of its own clock no more calls came in than
    may leave in them, and those that were on their way when they began. A worker beside another would be twice as fast.

    `resumed`: how often a worker was suspended; what was on its way then arrives when it goes on.
    """
    at_most = rate * _WINDOW_SECONDS + 1 + CALLS_AT_ONCE * (1 + resumed)
    times = sorted(call["at_us"] / 1e6 for call in calls)
    assert times, f"{what}: no call"
    for first in times:
        within = sum(1 for at in times if first <= at < first + _WINDOW_SECONDS)
        assert within <= at_most, f"{what}: {within} calls in {_WINDOW_SECONDS} s at {rate} a second"


def pair(admin: Session, config_id: int) -> dict[str, str]:
    """Presses Connect Worker; the variables that it shows."""
    pairing = admin.call("sicantik.config", "action_pair_worker", [config_id])
    return dict(line.split("=", 1) for line in pairing["params"]["env"].splitlines() if "=" in line)


def connect(odoo: Odoo, simulator: Simulator, folder: Path, **settings: Any) -> Office:
    """Pairs a worker with Odoo as an administrator does, and points the configuration at the simulator."""
    admin = odoo.rpc("admin", "admin")
    [config_id] = admin.call("sicantik.config", "search", [])
    # Behind a proxy the address is another one than the test's own; the simulator is on this machine.
    ours = {"SICANTIK__ODOO__URL": odoo.url, "SICANTIK__SICANTIK__ALLOWED_HOSTS": "127.0.0.1"}
    worker = Worker(folder, pair(admin, config_id) | ours)
    vals = {"api_url": simulator.url, "worker_url": worker.url} | settings
    admin.call("sicantik.config", "write", [config_id], vals)
    return Office(odoo, simulator, worker, admin, config_id)
