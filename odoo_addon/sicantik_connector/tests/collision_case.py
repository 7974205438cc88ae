"""Two transactions that meet on a row, and what Odoo's log holds afterwards."""

import logging

from psycopg2 import OperationalError

from odoo.tests import TransactionCase, new_test_user

from .common import GROUP, another_transaction, row_of

NAME, PHONE = "Pemohon Rahasia", "+6280012345678"
ROW = row_of("1", "503/1", applicant={"name": NAME, "key": NAME.casefold()})


class Heard(logging.Handler):
    """All that is logged, with the tracebacks."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(logging.Formatter().format(record))


class CollisionCase(TransactionCase):
    """Two transactions of their own write the same row; the later one is told so, and
    Odoo's log holds nothing of the row."""

    def transaction(self):
        return another_transaction(self.env)

    def setUp(self):
        super().setUp()
        self.addCleanup(self.remove)
        with self.transaction() as env:
            self.make(env)
            env.cr.commit()

    def make(self, env):
        groups = (f"{GROUP}sicantik_worker", f"{GROUP}operator")
        context = {"no_reset_password": True}
        self.worker, self.operator = (
            new_test_user(env, f"sicantik.collision.{n}", group, context=context).id
            for n, group in enumerate(groups)
        )
        partner = env["res.partner"].create({"name": NAME, "phone": PHONE})
        config = env["sicantik.config"].create(
            {
                "name": "Kantor Bertabrakan",
                "api_url": "https://bertabrakan.example.test/api",
                "active": False,
            }
        )
        own = {"config_id": config.id, "company_id": config.company_id.id}
        lease = {"lease_until": "2999-01-01 00:00:00", "worker_name": "worker-1"}
        runs = env["sicantik.sync.run"].create(
            [
                {**own, **lease, "kind": kind, "state": "claimed", "lease_token": "t"}
                for kind in ("permits", "expiry")
            ]
        )
        self.tokens = [{"uuid": run.uuid, "token": "t"} for run in runs]
        permit = env["sicantik.permit"].create(
            {
                **own,
                "identity": ROW["identity"],
                "registration_number": "1",
                "permit_number": "503/1",
                "applicant_name": NAME,
                "applicant_phone": PHONE,
                "partner_id": partner.id,
                "status": "active",
            }
        )
        self.config, self.permit, self.partner = config.id, permit.id, partner.id

    def remove(self):
        with self.transaction() as env:
            configs = env["sicantik.config"].with_context(active_test=False)
            config = configs.search([("name", "=", "Kantor Bertabrakan")])
            own = [("config_id", "in", config.ids)]
            env["sicantik.permit"].search(own).unlink()
            env["sicantik.permit.type"].search(own).unlink()
            config.unlink()
            users = env["res.users"].search([("login", "like", "sicantik.collision.")])
            partners = users.partner_id
            users.unlink()
            partners |= env["res.partner"].search([("name", "=", NAME)])
            partners.unlink()
            env.cr.commit()

    def collide(self, early, late):
        """What is logged while ``late(environment)`` meets what the statement
        ``early`` has just written."""
        heard = Heard()
        logger = logging.getLogger()
        with self.transaction() as env:
            env.cr.execute("SELECT 1")  # From now on it sees nothing new.
            with self.transaction() as other:
                other.cr.execute(*early)
                other.cr.commit()
            logger.addHandler(heard)
            try:
                with self.assertRaises(OperationalError):
                    late(env)
                    env.cr.flush()
            except AssertionError as error:
                raise AssertionError(f"{error}: {heard.lines}") from error
            finally:
                logger.removeHandler(heard)
        return heard.lines

    def assertSilent(self, lines):
        log = "\n".join(lines)
        for secret in ("bad query", NAME, PHONE, "503/1"):
            self.assertNotIn(secret, log)

    def assertKeptOut(self, addon, without_names):
        """What ``addon`` makes or extends stays out of the log, but for models of Odoo
        that hold nothing of a permit or a contact."""
        quiet, package = self.registry["sicantik.log.mixin"], f"odoo.addons.{addon}."
        told = {
            name
            for name, model in self.registry.items()
            if not model._abstract
            and not issubclass(model, quiet)
            # The classes of the addons of which Odoo makes the model.
            and any(part.__module__.startswith(package) for part in model.__bases__)
        }
        self.assertEqual(told, without_names)
