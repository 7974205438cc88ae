"""The ways to bring permits into Odoo, side by side on one server: the worker's, Odoo's own for lists, and one by one."""

import json
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import processor
from figures import Figures, Goal
from parts import Office
from riglib.processes import RigError
from riglib.rpc import DIRECT, KeySession
from rows import TYPES, Row, rows, values_of

BATCH = 1000
"""The worker's largest batch."""
ONE_BY_ONE = 250
"""Takes as long as several batches."""
REPEATS = 10
"""Batches of unchanged rows are over soon: as many are timed together as the worker sends for 10,000 permits."""
WORKER, LIST, SINGLE = 1, 2, 3
"""First digit of the registration numbers that each way brings."""
_SECONDS = 300.0
_STORED = """
SELECT substr(registration_number, 2) AS number,
       to_jsonb(p) - ARRAY['id', 'create_date', 'write_date', 'create_uid', 'write_uid', 'identity',
                           'registration_number', 'permit_number', 'list_hash', 'changed_xid', 'search_text']
       || jsonb_build_object(
           'applicants', (SELECT jsonb_agg(name_key) FROM sicantik_permit_applicant a WHERE a.permit_id = p.id),
           'types', (SELECT jsonb_agg(type_id) FROM sicantik_permit_further_type t WHERE t.permit_id = p.id)) AS stored
  FROM sicantik_permit p
"""
"""A permit with its children, but for what tells two ways apart."""


class Caller:
    """A signed-in client of /jsonrpc that measures the exchange alone, not its own work of writing JSON."""

    def __init__(self, office: Office, login: str, password: str) -> None:
        self._url = f"{office.odoo.url}/jsonrpc"
        self._account = office.odoo.database, KeySession(office.odoo.url, office.odoo.database, login, password).uid, password

    def timed(self, model: str, method: str, **arguments: Any) -> tuple[float, dict[str, Any]]:
        """Seconds and the answer."""
        args = [*self._account, model, method, [], arguments]
        params = {"service": "object", "method": "execute_kw", "args": args}
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "call", "params": params}).encode()
        request = urllib.request.Request(self._url, body, {"Content-Type": "application/json"})
        started = time.perf_counter()
        with DIRECT.open(request, timeout=_SECONDS) as response:
            text = response.read()
        passed = time.perf_counter() - started
        answer = json.loads(text)
        if "error" in answer:
            raise RigError(f"{model}.{method}: {answer['error'].get('data', {}).get('message')}")
        return passed, answer["result"]


class Ways:
    """Each way as a function that brings rows and returns the seconds; a wrong count is an error."""

    def __init__(self, office: Office) -> None:
        key = office.worker.environment["SICANTIK__ODOO__API_KEY"]
        self._worker = Caller(office, office.worker.environment["SICANTIK__ODOO__LOGIN"], key)
        self._admin = Caller(office, "admin", "admin")
        self._run = self._claim_a_run()
        self.upsert(rows(WORKER, 0, TYPES), created=TYPES)  # makes the types, which `create` needs
        types = office.admin.call("sicantik.permit.type", "search_read", [], ["name_key"])
        self._type_ids = {row["name_key"]: row["id"] for row in types}
        [config] = office.admin.call("sicantik.config", "read", [office.config_id], ["company_id"])
        [run] = office.admin.call("sicantik.sync.run", "search", [("uuid", "=", self._run["uuid"])])
        self._common = {"config_id": config["id"], "company_id": config["company_id"][0], "last_run_id": run}

    def _claim_a_run(self) -> dict[str, str]:
        model = "sicantik.sync.run"
        order = {"config_id": 0, "kind": "permits", "limit": 0, "full": False, "origin": "command"}
        uuid = self._worker.timed(model, "order", **order)[1]["run"]["uuid"]
        _, claim = self._worker.timed(model, "claim", uuids=[uuid], worker="bench", lease_seconds=600)
        return {"uuid": uuid, "token": claim["claimed"][0]["token"]}

    def upsert(self, batch: list[Row], **expected: int) -> float:
        """The worker's way."""
        seconds, answer = self._worker.timed("sicantik.permit", "upsert_batch", rows=batch, **self._run)
        counts = {name: count for name, count in answer.items() if count}
        if counts != expected:
            raise RigError(f"upsert_batch says {answer}, expected {expected}")
        return seconds

    def details(self, batch: list[Row]) -> float:
        """What detail calls brought; each row must change its permit."""
        seconds, answer = self._worker.timed("sicantik.permit", "apply_details", rows=batch, **self._run)
        if answer["changed"] != len(batch):
            raise RigError(f"apply_details says {answer}, expected {len(batch)} changed")
        return seconds

    def create(self, batch: list[Row]) -> float:
        """Odoo's own way for lists."""
        return self._bench("bench_create", batch, len(batch))

    def one_by_one(self, batch: list[Row], *, created: int) -> float:
        """A search and a `create` or `write` for each row, inside Odoo."""
        return self._bench("bench_one_by_one", batch, created)

    def settle(self) -> None:
        """Let the server sweep its heap: a full sweep takes as long as three batches of unchanged rows."""
        self._admin.timed("sicantik.permit", "bench_settle")

    def _bench(self, method: str, batch: list[Row], created: int) -> float:
        values = [values_of(row, self._common, self._type_ids) for row in batch]
        seconds, answer = self._admin.timed("sicantik.permit", method, vals_list=values)
        if answer != {"created": created}:
            raise RigError(f"{method} says {answer}, expected {created} created")
        return seconds


@dataclass
class Cost:
    """What a way has cost in each round."""

    rows: int
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    @property
    def rates(self) -> list[float]:
        """Rows a second."""
        return [self.rows / seconds for seconds in self.seconds]

    def begin(self) -> None:
        """A new round."""
        self.seconds.append(0.0)
        self.processor.append(0.0)

    def measure(self, action: Callable[[], float]) -> None:
        """Add to the round; the action says its seconds."""
        before = processor.seconds_so_far()
        self.seconds[-1] += action()
        self.processor[-1] += processor.seconds_so_far() - before


def compare(office: Office, figures: Figures, rounds: int) -> None:
    """Every way in each round; one round before them is not counted."""
    ways = Ways(office)
    _one_round(ways, _costs(), TYPES)
    costs = _costs()
    for number in range(rounds):
        _one_round(ways, costs, TYPES + (number + 1) * 2 * BATCH)
    _check_equal(office)
    _tell(figures, costs)


def _costs() -> dict[str, Cost]:
    sizes = {
        "new": 2 * BATCH,
        "create": 2 * BATCH,
        "unchanged": REPEATS * BATCH,
        "one_by_one": ONE_BY_ONE,
        "one_by_one_again": ONE_BY_ONE,
    }
    return {name: Cost(size) for name, size in sizes.items()}


def _one_round(ways: Ways, costs: dict[str, Cost], first: int) -> None:
    """Each way; the two that are closest together one around the other, so that a drift of the machine meets both."""
    early, late = rows(WORKER, first, BATCH), rows(WORKER, first + BATCH, BATCH)
    for_create, singles = rows(LIST, first, 2 * BATCH), rows(SINGLE, first, ONE_BY_ONE)
    ways.settle()
    costs["new"].begin()
    costs["new"].measure(lambda: ways.upsert(early, created=BATCH))
    costs["create"].begin()
    costs["create"].measure(lambda: ways.create(for_create[:BATCH]))
    costs["create"].measure(lambda: ways.create(for_create[BATCH:]))
    costs["new"].measure(lambda: ways.upsert(late, created=BATCH))
    ways.settle()
    costs["unchanged"].begin()
    for _ in range(REPEATS):
        costs["unchanged"].measure(lambda: ways.upsert(late, unchanged=BATCH))
    for name, created in (("one_by_one", ONE_BY_ONE), ("one_by_one_again", 0)):
        ways.settle()
        costs[name].begin()
        costs[name].measure(lambda created=created: ways.one_by_one(singles, created=created))


def _check_equal(office: Office) -> None:
    """The ways must have stored the same, or the comparison says nothing."""
    for other in (LIST, SINGLE):
        [row] = office.odoo.sql(
            f"SELECT count(*) AS pairs, count(*) FILTER (WHERE a.stored <> b.stored) AS other"
            f" FROM ({_STORED} WHERE registration_number LIKE '{WORKER}%') a"
            f" JOIN ({_STORED} WHERE registration_number LIKE '{other}%') b USING (number)"
        )
        if not row["pairs"] or row["other"]:
            raise RigError(f"way {other} stored other values than the worker's way: {row}")


def _tell(figures: Figures, costs: dict[str, Cost]) -> None:
    def rate(name: str, text: str) -> None:
        figures.add(f"{name}_rows_per_second", costs[name].rates, "rows/s", text)

    def ratio(over: str, under: str, goal: float, text: str) -> None:
        quick, slow, name = costs[over], costs[under], f"{over}_to_{under}"
        # Of each round: what disturbs the machine in a round disturbs both.
        quotients = [one / other for one, other in zip(quick.rates, slow.rates, strict=True)]
        figures.add(name, quotients, "times", f"  {text}", Goal("≥", goal))
        work = (sum(slow.processor) / slow.rows) / (sum(quick.processor) / quick.rows)
        figures.add(f"{name}_processor", work, "times", "  the same in processor time of Odoo and PostgreSQL")

    rate("new", "new rows, the worker's way (lists of 1,000)")
    rate("create", "new rows, Odoo's own create (lists of 1,000)")
    ratio("new", "create", 1, "worker's way beside Odoo's create")
    rate("unchanged", "unchanged rows, the worker's way")
    ratio("unchanged", "new", 4, "unchanged beside new")
    rate("one_by_one", "new rows, one by one inside Odoo (search, create)")
    ratio("new", "one_by_one", 30, "worker's way beside it")
    rate("one_by_one_again", "the same rows again, one by one (search, write)")
    ratio("unchanged", "one_by_one_again", 30, "worker's way beside it, the same rows again")
