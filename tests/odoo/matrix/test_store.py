"""The worker's store in PostgreSQL: made once, shared by several workers, away for a while. No Odoo is needed."""

import hashlib
import hmac
import http.client
import json
import secrets
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from parts import WAIT_SECONDS, Worker
from riglib.processes import free_port, wait_until
from riglib.session import Rig

KEY = "contoh-kunci-hook-0123456789abcdef"
BODY = json.dumps({"database_uuid": "contoh", "run_uuid": "contoh", "login": "operator"}).encode()
STEPS = (
    "0001 nonces of hooks",
    "0002 checks of the store",
    "0003 jobs",
    "0004 passes over lists",
    "0005 secrets",
    "0006 limits of the queue",
    "0007 messages",
    "0008 one table of uses",
    "0009 when an attempt began",
    "0010 documents",
    "0011 erasures",
)
SAMPLE = "INSERT INTO hook_nonces VALUES ('contoh', 'sample', 1)"
"""A row as the first migration knows it; later migrations must keep it."""


@pytest.fixture
def database(rig: Rig) -> Iterator[str]:
    """A database of the worker's own, still empty."""
    name = f"store_{secrets.token_hex(4)}"
    rig.cluster.create_database(name)
    yield name
    rig.cluster.drop_database(name)


@pytest.fixture
def workers(rig: Rig, tmp_path: Path, database: str) -> Iterator[Callable[..., Worker]]:
    """`workers()` makes a worker on the shared database, not started; its Odoo does not answer."""
    made: list[Worker] = []

    def make(name: str = database, user: str = "odoo", host: str = "127.0.0.1") -> Worker:
        environment = {
            "SICANTIK__ODOO__URL": f"http://127.0.0.1:{free_port()}",
            "SICANTIK__ODOO__DATABASE": "nowhere",
            "SICANTIK__ODOO__API_KEY": "no-key",
            "SICANTIK__HOOK__KEY": KEY,
            "SICANTIK__STORE__URL": f"postgres://{user}:sangat-rahasia@{host}:{rig.cluster.port}/{name}",
        }
        made.append(Worker(tmp_path, environment))
        return made[-1]

    yield make
    for worker in made:
        if worker.process:
            worker.stop()
        assert "sangat-rahasia" not in worker.log_text(), "the store's password stands in the worker's log"


def test_migrations_are_applied_once_and_keep_what_is_there(rig: Rig, database: str, workers: Callable[..., Worker]) -> None:
    worker = workers()
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    assert worker.migrate("--check") == (3, "\n".join(f"pending: {step}" for step in STEPS), "")
    assert rig.cluster.sql(database, tables) == [], "looking changed something"

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(lambda one: one.migrate()[:2], [worker, workers(), workers(), workers()]))
    assert [code for code, _ in told] == [0, 0, 0, 0], told
    by_one = "\n".join(f"applied: {step}" for step in STEPS)
    assert [by_one in said for _, said in told] == [True, False, False, False], told

    rig.cluster.sql(database, SAMPLE)
    for arguments in ([], ["--check"]):
        code, said, _ = worker.migrate(*arguments)
        assert (code, "is up to date" in said, "rahasia" in said) == (0, True, False), said
    assert rig.cluster.sql(database, "SELECT nonce FROM hook_nonces") == [{"nonce": "sample"}]


def test_a_store_that_cannot_be_used_is_refused_with_a_remedy(rig: Rig, database: str, workers: Callable[..., Worker]) -> None:
    for worker in (workers(name="not_there"), workers(user="nobody_of_that_name")):
        code, _, said = worker.migrate()
        assert (code, "store.url" in said, "rahasia" in said) == (2, True, False), said

    worker = workers()
    assert worker.migrate()[0] == 0
    # An empty database of another version.
    rig.cluster.sql(database, "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1")
    code, _, said = worker.migrate()
    assert (code, "start that version again" in said) == (2, True), said
    with pytest.raises(AssertionError, match="start that version again"):
        worker.start()
    worker.process = None


def test_a_postgresql_on_another_machine_without_tls_is_refused(database: str, workers: Callable[..., Worker]) -> None:
    # Not the loopback's address, although it leads there: so would another machine's be treated.
    for name, remedy in ((database, "the server must speak TLS"), (f"{database}?sslmode=prefer", "give sslmode=verify-full")):
        worker = workers(name=name, host="0.0.0.0")
        code, _, said = worker.migrate()
        assert (code, "store.url" in said, remedy in said, "rahasia" in said) == (2, True, True, False), said
        with pytest.raises(AssertionError, match=remedy):
            worker.start()
        worker.process = None


def test_a_worker_of_no_database_leaves_a_store_with_work_alone(rig: Rig, database: str, workers: Callable[..., Worker]) -> None:
    worker = workers()
    assert worker.migrate()[0] == 0
    rig.cluster.sql(
        database,
        "INSERT INTO jobs (database_uuid, configuration, kind, key, payload, max_attempts, due_at, created_at)"
        " VALUES ('contoh', 1, 'contoh', 'contoh', '{}', 1, 1, 1)",
    )
    with pytest.raises(AssertionError, match=r"odoo\.database_uuid"):
        worker.start()
    worker.process = None
    worker.environment["SICANTIK__ODOO__DATABASE_UUID"] = "contoh"
    worker.start()


def test_a_hook_is_good_once_for_all_workers_on_a_store(workers: Callable[..., Worker]) -> None:
    first, second = workers().start(), workers().start()
    hook = _signed()
    assert _send(first, hook) == (202, None)
    assert _send(second, hook) == (409, "replayed")
    assert _send(second, _signed()) == (202, None)
    first.kill()
    first.start()
    assert _send(first, hook) == (409, "replayed")
    assert _send(first, _signed()) == (202, None)


def test_a_postgresql_that_is_away_for_a_while(rig: Rig, database: str, workers: Callable[..., Worker]) -> None:
    worker = workers().start()
    known, hook = _signed(), _signed()
    assert _send(worker, known) == (202, None)
    rig.cluster.sql("postgres", f"ALTER DATABASE {database} ALLOW_CONNECTIONS false")
    rig.cluster.sql("postgres", f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")
    for _ in range(2):
        assert _send(worker, hook) == (503, "store_unavailable")
    assert _get(worker, "/readyz")[0] == 503
    assert _get(worker, "/readyz")[1]["store"] == "unavailable"

    rig.cluster.sql("postgres", f"ALTER DATABASE {database} ALLOW_CONNECTIONS true")
    wait_until(
        lambda: _get(worker, "/readyz")[0] == 200, process=worker.process, seconds=WAIT_SECONDS, what="the store to work again"
    )
    assert _send(worker, hook) == (202, None)
    assert _send(worker, known) == (409, "replayed")
    lines = [line for line in worker.log_text().splitlines() if "the store" in line and "the worker is up" not in line]
    assert [("cannot be used" in line, "works again" in line) for line in lines] == [(True, False), (False, True)], lines


def _signed() -> dict[str, str]:
    """The headers of a new hook, as `docs/interfaces.md` says."""
    stamp, nonce = str(int(time.time())), secrets.token_hex(16)
    text = "\n".join(["v1", "POST", "/hooks/v1/runs", stamp, nonce, hashlib.sha256(BODY).hexdigest()])
    signature = hmac.new(KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Sicantik-Timestamp": stamp,
        "X-Sicantik-Nonce": nonce,
        "X-Sicantik-Signature": f"v1={signature}",
    }


def _send(worker: Worker, headers: dict[str, str]) -> tuple[int, str | None]:
    """Status, and the code of a refusal."""
    status, body = _call(worker, "POST", "/hooks/v1/runs", BODY, headers)
    return status, body.get("code")


def _get(worker: Worker, path: str) -> tuple[int, dict[str, str]]:
    return _call(worker, "GET", path)


def _call(
    worker: Worker, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", worker.port, timeout=WAIT_SECONDS)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()
