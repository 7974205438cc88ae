from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ...models.permit import changes
from ..common import (
    SicantikCase,
    another_transaction,
    applicant_of,
    row_of,
    type_of,
)

NAME = "Kantor Pembaca"
# As if another server had made the mark, whose ids of transactions are higher.
FOREIGN = 10**15


@tagged("post_install", "-at_install", "sicantik")
class TestChangeMarks(SicantikCase):
    """Whatever changes a permit, its row has the id of the transaction."""

    def setUp(self):
        super().setUp()
        self.run_key = self.start()
        self.row = {"further_types": [type_of("Izin Lain")]}
        self.row["further_applicants"] = [applicant_of("Pemohon Kedua")]
        self.upsert(self.run_key, row_of("1", "503/1", **self.row))
        self.one = self.permit("1")

    def forget(self):
        """As if the permits had been written long ago."""
        self.env.flush_all()
        self.env.cr.execute("""
            ALTER TABLE sicantik_permit DISABLE TRIGGER sicantik_permit_mark_change;
            UPDATE sicantik_permit SET changed_xid = 0, write_date = '2020-01-01';
            ALTER TABLE sicantik_permit ENABLE TRIGGER sicantik_permit_mark_change
        """)
        self.env.invalidate_all()

    def assertMarks(self, what, step):
        self.forget()
        step()
        self.env.flush_all()
        query = "SELECT changed_xid > 0 FROM sicantik_permit WHERE id = %s"
        self.env.cr.execute(query, [self.one.id])
        self.assertEqual(self.env.cr.fetchall(), [(True,)], what)

    def test_a_sync(self):
        for what, changes_of_row in (
            ("a further type goes", {"further_types": []}),
            ("a further type comes", {}),
            ("a further applicant goes", {"further_applicants": []}),
            ("a further applicant comes", {}),
            ("a value changes", {"flags": ["name"]}),
        ):
            row = row_of("1", "503/1", **{**self.row, **changes_of_row})
            self.assertMarks(what, lambda row=row: self.upsert(self.run_key, row))
        row = {"id": self.one.id, "outcome": "no_data"}
        run = self.start("expiry", full=True)
        self.assertMarks(
            "a detail is asked for",
            lambda: self.rpc("sicantik.permit", "apply_details", rows=[row], **run),
        )
        self.assertMarks(
            "it is missing",
            lambda: self.permits._set_missing(
                self.config, self.one.ids, "2026-01-01", changes.SQL("TRUE")
            ),
        )

    def test_people(self):
        mine = self.one.with_user(self.operator)
        self.assertMarks("a note", lambda: mine.write({"notes": "<p>x</p>"}))
        self.assertMarks("an end", lambda: mine._cancel("Dicabut", "revoked"))
        self.assertMarks("the kind", lambda: mine.write({"ending": "closed"}))
        self.assertMarks("open again", mine._reopen)
        partner = self.env["res.partner"].create({"name": "Contoh"})
        self.assertMarks("a contact", lambda: mine.write({"partner_id": partner.id}))
        self.assertMarks("a contact is deleted", partner.unlink)

    def test_the_day(self):
        self.one.with_user(self.operator).expiry_date = "2099-01-01"
        self.one.status = "expired"
        action = self.env["sicantik.config"]._cron_update_expired
        self.assertMarks("the day", action)
        self.assertEqual(self.one.status, "active")

    def merge(self, old, remaining):
        types = self.env["sicantik.permit.type"].with_user(self.manager)
        named = {one.name: one for one in types.search([])}
        named[old]._merge_into(named[remaining])

    def test_types_that_are_merged(self):
        self.upsert(self.run_key, row_of("2", permit_type=type_of("Izin Ketiga")))
        self.assertMarks(
            "of further ones", lambda: self.merge("Izin Lain", "Izin Ketiga")
        )
        self.assertEqual(self.one.further_type_ids.name, "Izin Ketiga")
        main = self.one.permit_type_id.name
        self.assertMarks("of the main one", lambda: self.merge(main, "Izin Ketiga"))
        self.assertFalse(self.one.further_type_ids)

    def test_an_upgrade_keeps_the_marks(self):
        self.env.flush_all()
        query = "SELECT id, changed_xid FROM sicantik_permit"
        self.env.cr.execute(query)
        before = self.env.cr.fetchall()
        self.permits.init()
        self.env.cr.execute(query)
        self.assertEqual(self.env.cr.fetchall(), before)
        self.assertTrue(before[0][1])

    def test_an_old_postgresql_is_refused_in_words(self):
        with patch.object(changes, "OLDEST_POSTGRESQL", 999):
            with self.assertRaisesRegex(UserError, "PostgreSQL 999 or later"):
                self.permits.init()


@tagged("post_install", "-at_install", "sicantik")
class TestChangedSince(TransactionCase):
    """Readers and writers in transactions of their own."""

    @contextmanager
    def transaction(self):
        """Who waits for another transaction fails instead."""
        with another_transaction(self.env) as env:
            env.cr.execute("SET LOCAL lock_timeout = '20s'")
            yield env

    def setUp(self):
        super().setUp()
        self.addCleanup(self.remove)
        with self.transaction() as env:
            address = "https://pembaca.example.test/api"
            values = {"name": NAME, "api_url": address, "active": False}
            config = env["sicantik.config"].create(values)
            own = {"config_id": config.id, "company_id": config.company_id.id}
            permits = env["sicantik.permit"].create(
                [
                    {**own, "identity": f"N{n}", "registration_number": f"{n}"}
                    for n in range(3)
                ]
            )
            env.cr.commit()
            self.config, self.ids = config.id, permits.ids

    def remove(self):
        with self.transaction() as env:
            configs = env["sicantik.config"].with_context(active_test=False)
            config = configs.search([("name", "=", NAME)])
            own = [("config_id", "in", config.ids)]
            env["sicantik.permit"].search(own).unlink()
            config.unlink()
            env.cr.commit()

    def touch(self, env, permit_id):
        query = "UPDATE sicantik_permit SET district = 'x' WHERE id = %s"
        env.cr.execute(query, [permit_id])

    def change(self, *ids):
        with self.transaction() as env:
            for permit_id in ids:
                self.touch(env, permit_id)
            env.cr.commit()

    def page(self, position=None, limit=1000):
        with self.transaction() as env:
            config = env["sicantik.config"].browse(self.config)
            return env["sicantik.permit"]._changed_since(config, position, limit)

    def sweep(self, position=None):
        """``(ids, position)`` of a whole sweep, in pages of two."""
        found = []
        while True:
            ids, position = self.page(position, 2)
            found += ids
            if len(ids) < 2:
                return found, position

    def test_what_changed_comes_and_what_did_not_does_not(self):
        found, position = self.sweep()
        self.assertEqual(found, self.ids)
        found, position = self.sweep(position)
        self.assertEqual(found, [])
        self.change(self.ids[1])
        found, position = self.sweep(position)
        self.assertEqual(found, [self.ids[1]])
        self.assertEqual(self.sweep(position)[0], [])

    def test_a_long_transaction_is_not_missed_and_holds_nobody_back(self):
        first, second, third = self.ids
        _found, position = self.sweep()
        with self.transaction() as long:
            self.touch(long, first)  # the earliest, and seen by nobody yet
            self.change(second)
            found, position = self.sweep(position)
            self.assertEqual(found, [second])
            self.change(third)
            found, position = self.sweep(position)
            self.assertIn(third, found)
            self.assertNotIn(first, found)
            long.cr.commit()
        found, position = self.sweep(position)
        self.assertIn(first, found)
        self.assertEqual(self.sweep(position)[0], [], "until it ended; then no more")

    def test_what_changes_between_two_pages_is_not_missed(self):
        ids, position = self.page(None, 2)
        self.change(self.ids[0])
        found, position = self.sweep(position)
        self.assertEqual(set(ids + found), set(self.ids))
        again, _position = self.sweep(position)
        self.assertIn(self.ids[0], found + again)

    def test_a_change_of_the_reader_s_own_transaction_comes_at_once(self):
        _found, position = self.sweep()
        with self.transaction() as env:
            env["sicantik.permit"].browse(self.ids[2]).notes = "<p>x</p>"
            config = env["sicantik.config"].browse(self.config)
            found, _next = env["sicantik.permit"]._changed_since(config, position)
            self.assertEqual(found, [self.ids[2]])

    def test_another_database_or_none_begins_with_all(self):
        _found, position = self.sweep()
        server, database, *rest = position.split(":")
        moved = str(int(server) + 1), str(int(database) + 1)
        for forged in (
            None,
            "",
            "anything",
            "1:2:3",
            ":".join((moved[0], database, *rest)),
            ":".join((server, moved[1], *rest)),
            ":".join((server, database, f"{FOREIGN}", "0", f"{FOREIGN}", "0")),
        ):
            self.assertEqual(self.page(forged)[0], self.ids, forged)

    def test_marks_of_another_server_do_not_come_for_ever(self):
        """A restored database: its marks are of the server that wrote them."""
        mark = "ALTER TABLE sicantik_permit %s TRIGGER sicantik_permit_mark_change"
        with self.transaction() as env:
            env.cr.execute(mark % "DISABLE")
            query = "UPDATE sicantik_permit SET changed_xid = %s WHERE id = %s"
            env.cr.execute(query, [FOREIGN, self.ids[0]])
            env.cr.execute(mark % "ENABLE")
            env.cr.commit()
        found, position = self.sweep()
        self.assertEqual(set(found), set(self.ids))
        self.assertEqual(self.sweep(position)[0], [])
        self.change(self.ids[0])
        self.assertEqual(self.sweep(position)[0], [self.ids[0]])

    def test_of_other_configurations_nothing_comes(self):
        with self.transaction() as env:
            config = env["sicantik.config"].browse(self.config)
            other = config.copy({"name": NAME, "active": False})
            self.assertEqual(env["sicantik.permit"]._changed_since(other)[0], [])
