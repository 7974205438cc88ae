"""What the tests share: an office, its people, a worker, and rows as the worker sends
them. All data is made up."""

from contextlib import contextmanager
from hashlib import md5
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID, api
from odoo.sql_db import Cursor, db_connect
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import SQL

GROUP = "sicantik_connector.group_"
# What an operator writes into the chatter.
REMARK = "Sudah ditelepon"
# Where a fault in a scheduled action is told.
SCHEDULE_LOG = "odoo.addons.sicantik_connector.models.config.schedule"
# Permits of a large office.
MANY = 50_000


@contextmanager
def another_transaction(env):
    """An environment with its own connection; nothing of it stays."""
    with db_connect(env.cr.dbname).cursor() as cr:
        try:
            yield api.Environment(cr, SUPERUSER_ID, {})
        finally:
            cr.rollback()


def type_of(name):
    return {"name": name, "key": name.casefold()}


applicant_of = type_of


def fingerprint(*parts):
    return md5(repr(parts).encode(), usedforsecurity=False).hexdigest()


def row_of(registration, number=None, **changes):
    """A row of ``upsert_batch`` as the worker makes it from the list."""
    row = {
        "registration_number": registration,
        "permit_number": number,
        "permit_type": type_of("Izin Praktik Dokter"),
        "further_types": [],
        "applicant": applicant_of("Contoh Pemohon"),
        "further_applicants": [],
        "complete": True,
        "registered_month": "2025-07-01",
        "expiry_date": None,
        "has_expiry": False,
        "flags": [],
        "raw": {},
        **changes,
    }
    if "identity" not in row:
        last = ("N", number.casefold()) if number else ("T", row["permit_type"]["key"])
        row["identity"] = "\x1f".join((last[0], registration, last[1]))
    single = [row[k] for k in ("permit_number", "expiry_date", "has_expiry", "flags")]
    row.setdefault("hash", fingerprint(registration, single, row["raw"]))
    return row


def in_savepoint(configs, step):
    """A test is one transaction: what an action commits is a savepoint of it."""
    with configs.env.cr.savepoint():
        return step()


class SicantikCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.classPatch(cls.registry["sicantik.config"], "_repeatable", in_savepoint)
        cls.env["sicantik.config"].search([]).write({"active": False})
        cls.config = cls.env["sicantik.config"].create(
            {"name": "Kantor Contoh", "api_url": "https://sicantik.example.test/api"}
        )
        cls.viewer = cls._user("viewer", f"{GROUP}viewer")
        cls.operator = cls._user("operator", f"{GROUP}operator")
        cls.manager = cls._user("manager", f"{GROUP}manager")
        cls.worker = cls._user("worker", f"{GROUP}sicantik_worker")
        cls.permits = cls.env["sicantik.permit"]

    @classmethod
    def another_office(cls, name="Lain", **values):
        """The configuration of an office that is a company of its own."""
        company = cls.env["res.company"].create({"name": f"Kantor {name}"})
        url = f"https://{name.lower()}.example.test"
        own = {"name": name, "api_url": url, "company_id": company.id}
        return cls.config.create({**own, **values})

    @classmethod
    def _user(cls, name, groups, **values):
        login = f"sicantik.test.{name}"
        context = {"no_reset_password": True}
        return new_test_user(cls.env, login, groups, context=context, **values)

    def rpc(self, model, method, /, **values):
        """Call a method as the worker does: named arguments, its own user."""
        result = getattr(self.env[model].with_user(self.worker), method)(**values)
        self.env.flush_all()
        self.env.invalidate_all()
        return result

    def runs(self, method, /, **values):
        return self.rpc("sicantik.sync.run", method, **values)

    def order(self, kind="permits", config=None, **values):
        """The uuid of a queued run."""
        config_id = (config or self.config).id
        answer = self.runs("order", config_id=config_id, kind=kind, **values)
        return answer["run"]["uuid"]

    def claim(self, *uuids, worker="worker-1", lease_seconds=60):
        return self.runs(
            "claim", uuids=list(uuids), worker=worker, lease_seconds=lease_seconds
        )

    def start(self, kind="permits", **values):
        """``{"uuid", "token"}`` of a run that is under way."""
        uuid = self.order(kind, **values)
        [claimed] = self.claim(uuid)["claimed"]
        return {"uuid": uuid, "token": claimed["token"]}

    def finish(self, run, state="done", **values):
        """By default everything that such a run may read was read."""
        kind = self.run_of(run).kind
        every = ["types", "permits", "expiry"]
        values.setdefault("read", every if kind == "all" else [kind])
        return self.runs("finish", results=[{**run, "state": state, **values}])

    def run_of(self, run):
        return self.env["sicantik.sync.run"].search([("uuid", "=", run["uuid"])])

    def upsert(self, run, *rows):
        return self.rpc("sicantik.permit", "upsert_batch", rows=list(rows), **run)

    def permit(self, registration):
        """The one permit of a registration number."""
        permits = self.permits.search([("registration_number", "=", registration)])
        permit = permits.filtered(lambda p: p.config_id == self.config)
        permit.ensure_one()
        return permit

    def load_many(self, first_day):
        """MANY permits whose dates spread over 500 days from ``first_day`` on."""
        self.env.cr.execute(
            SQL(
                "INSERT INTO sicantik_permit (config_id, company_id, identity, status,"
                " registration_number, permit_number, expiry_date)"
                " SELECT %s, %s, 'N' || n, 'active', n::text, n::text,"
                " %s::date + mod(n, 500) FROM generate_series(1, %s) AS n",
                self.config.id,
                self.config.company_id.id,
                first_day,
                MANY,
            )
        )

    def keep_house(self):
        """The action of the night."""
        self.env["sicantik.config"]._cron_housekeeping()
        self.env.flush_all()
        self.env.invalidate_all()

    def left_after_each(self, step, count):
        """``count()`` after each transaction of the housekeeping's ``step``."""
        left, commit = [], type(self.config)._repeatable

        def note(configs, method):
            more = commit(configs, method)
            if method.__name__ == step and method.__self__ == self.config:
                left.append(count())
            return more

        with patch.object(type(self.config), "_repeatable", note):
            self.keep_house()
        return left

    def assertCounts(self, answer, **expected):
        """The counters of an answer; those not named are zero, nothing is refused."""
        counts = {key: value for key, value in answer.items() if key != "refused"}
        self.assertEqual(counts, {**dict.fromkeys(counts, 0), **expected})
        self.assertFalse(answer["refused"])

    def assertRefused(self, answer, **codes):
        """The codes by key; keys are cut to what stands after the last separator."""
        found = {
            str(item["key"]).split("\x1f")[-1]: item["code"]
            for item in answer["refused"]
        }
        self.assertEqual(found, codes)
        self.assertTrue(all(item["message"] for item in answer["refused"]))

    @contextmanager
    def statements(self):
        """The SQL statements of the block, as texts."""
        found, execute = [], Cursor.execute

        def record(cursor, query, *args, **kwargs):
            found.append(str(getattr(query, "code", query)).strip())
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", record):
            yield found

    @contextmanager
    def bus(self):
        """What goes to browsers in the block: ``[(target, type, payload)]``."""
        found = []

        def record(_self, target, notification_type, message):
            found.append((target, notification_type, message))

        with patch.object(type(self.env["bus.bus"]), "_sendone", record):
            yield found


class StartedRunCase(SicantikCase):
    """A permits run under way, at a time that stands still until it is told to tick."""

    def setUp(self):
        super().setUp()
        freezer = freeze_time("2026-03-10 03:00:00")
        self.clock = freezer.start()
        self.addCleanup(freezer.stop)
        self.key = self.start("permits")
        self.stored = self.run_of(self.key)

    def report(self, **values):
        return self.runs("report", reports=[{**self.key, **values}])
