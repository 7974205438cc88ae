"""The worker as a service: how quickly it lives, how quickly it answers a hook, what it weighs with many permits."""

import hashlib
import hmac
import http.client
import json
import secrets
import time
from concurrent.futures import ProcessPoolExecutor

from figures import Figures, Goal
from parts import OPEN_STATES, Worker
from riglib.processes import free_port
from riglib.session import Rig
from runs import office_of, run_command, simulator_of

KEY = "a key of the bench only"
PATH = "/hooks/v1/runs"
SENDERS = 2
HOOKS = 2_000
"""Of each sender."""
BUSY_PERMITS = 50_000
BUSY_PAUSE = 0.1
SIZES = (1_000, 10_000, 100_000)
UNASKED_PERMITS = 15_000
"""Permits; the list has some more rows, fewer than the largest page."""
ENDLESS_PERMITS = 280_000
_STARTS = 5


def life(rig: Rig, figures: Figures) -> None:
    """From the start of the process to the first answer, and hooks under load; Odoo is away meanwhile."""
    environment = {
        "SICANTIK__ODOO__URL": f"http://127.0.0.1:{free_port()}",
        "SICANTIK__ODOO__DATABASE": "nowhere",
        "SICANTIK__ODOO__API_KEY": "no key",
        "SICANTIK__HOOK__KEY": KEY,
    }
    starts = []
    for _ in range(_STARTS):
        worker = Worker(rig.folder, environment)
        started = time.monotonic()
        worker.spawn()
        while not _alive(worker.port):
            time.sleep(0.002)
        starts.append(1000 * (time.monotonic() - started))
        if len(starts) < _STARTS:
            worker.stop()
    figures.add("healthz_ms", starts, "ms", "from the start to /healthz, Odoo away", Goal("<", 300))
    with ProcessPoolExecutor(SENDERS) as pool:
        answers = sorted(ms for batch in pool.map(_send, [worker.port] * SENDERS) for ms in batch)
    worker.stop()
    figures.add("hook_p50_ms", answers[len(answers) // 2], "ms", f"hook, {SENDERS} senders without a pause: median")
    figures.add("hook_p99_ms", answers[len(answers) * 99 // 100], "ms", "hook: 99 of 100 within", Goal("<", 10))


def busy(rig: Rig, figures: Figures) -> None:
    """Hooks while the worker reads a large list and brings it to Odoo, one every tenth of a second."""
    with simulator_of(rig, BUSY_PERMITS) as simulator, office_of(rig, simulator) as office:
        office.worker.start(SICANTIK__WORKER__LEASE_SECONDS="60")
        hook = Hook(office.worker.port, office.worker.environment["SICANTIK__HOOK__KEY"], office.database_uuid)
        run_id, answers = office.order("permits"), []
        while office.read_run(run_id)["state"] in OPEN_STATES:
            answers.append(hook.send())
            time.sleep(BUSY_PAUSE)
        office.worker.stop()
    answers.sort()
    text = f"hook while {BUSY_PERMITS:,} permits are synchronised: 99 of 100"
    figures.add("hook_busy_p99_ms", answers[len(answers) * 99 // 100], "ms", text, Goal("<", 10))


def volume(rig: Rig, figures: Figures) -> None:
    """Memory and time of a first pass and of the next one, from 1,000 to 100,000 permits."""
    new, again = {}, {}
    for size in SIZES:
        with simulator_of(rig, size) as simulator, office_of(rig, simulator) as office:
            first, second = run_command(office, "permits"), run_command(office, "permits", "--full")
            new[size], again[size] = 1e6 * first.seconds / size, 1e6 * second.seconds / size
            peak = max(first.peak_mib, second.peak_mib)
            goal = Goal("<", 64) if size == SIZES[-1] else None
            figures.add(f"memory_{size}_mib", peak, "MiB", f"{size:,} permits: worker's peak memory", goal)
            figures.add(f"new_{size}_us", new[size], "µs", f"{size:,} permits: a new one")
            figures.add(f"again_{size}_us", again[size], "µs", f"{size:,} permits: one again")
    text = f"a new permit, {SIZES[-1]:,} / {SIZES[1]:,}"
    figures.add("flat_new", new[SIZES[-1]] / new[SIZES[1]], "times", text, Goal("≤", 1.25))
    text = f"a permit again, {SIZES[-1]:,} / {SIZES[1]:,}"
    figures.add("flat_again", again[SIZES[-1]] / again[SIZES[1]], "times", text, Goal("≤", 1.25))


def unasked(rig: Rig, figures: Figures) -> None:
    """A SICANTIK that sends its whole list whatever is asked: below the largest page it is synchronised, above it refused."""
    for size, fits in ((UNASKED_PERMITS, True), (ENDLESS_PERMITS, False)):
        with simulator_of(rig, size, "--ignores-limit") as simulator, office_of(rig, simulator) as office:
            ended = run_command(office, "permits", fails=not fits)
            text = f"{size:,} permits in one page, {'taken' if fits else 'refused'}: worker's peak memory"
            figures.add(f"memory_unasked_{size}_mib", ended.peak_mib, "MiB", text, Goal("<", 96))


def _alive(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _send(port: int) -> list[float]:
    """Milliseconds of each hook, one after the other, over one connection."""
    hook = Hook(port, KEY, "bench")
    return [hook.send() for _ in range(HOOKS)]


class Hook:
    """Somebody who knocks at a worker, over one connection."""

    def __init__(self, port: int, key: str, database_uuid: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self._key = key.encode()
        self._body = json.dumps({"database_uuid": database_uuid, "run_uuid": "bench", "login": "bench"}).encode()

    def send(self) -> float:
        """One hook; how many milliseconds its answer took."""
        headers = self._signed()
        started = time.perf_counter()
        self._connection.request("POST", PATH, self._body, headers)
        response = self._connection.getresponse()
        response.read()
        milliseconds = 1000 * (time.perf_counter() - started)
        if response.status != 202:
            raise RuntimeError(f"a hook was answered with {response.status}")
        return milliseconds

    def _signed(self) -> dict[str, str]:
        stamp, nonce = str(int(time.time())), secrets.token_hex(16)
        text = "\n".join(["v1", "POST", PATH, stamp, nonce, hashlib.sha256(self._body).hexdigest()])
        signature = "v1=" + hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json",
            "X-Sicantik-Timestamp": stamp,
            "X-Sicantik-Nonce": nonce,
            "X-Sicantik-Signature": signature,
        }
