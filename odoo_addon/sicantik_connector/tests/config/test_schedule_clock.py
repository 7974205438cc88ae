from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2 import OperationalError

from odoo import fields
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged

from ...models.config.schedule import CLOCK
from ..common import SicantikCase

UTC_OF_JAKARTA = {
    "cron_update_expired": "17:00",
    "cron_sync_types": "17:30",
    "cron_full_pass": "18:00",
    "cron_sync_expiry": "19:00",
    "cron_housekeeping": "20:30",
}


@tagged("post_install", "-at_install", "sicantik")
class TestScheduleClock(SicantikCase):
    """Clock times of the office, whatever zone Odoo and its users have."""

    def action(self, name):
        return self.env.ref(f"sicantik_connector.{name}")

    def times(self):
        return {name: f"{self.action(name).nextcall:%H:%M}" for name in CLOCK}

    def second_office(self, **values):
        return self.another_office(**values)

    def test_the_actions_are_there_with_their_names_and_users(self):
        for name in (*CLOCK, "cron_sync_permits"):
            action = self.action(name)
            self.assertTrue(action.name.startswith("SICANTIK: "))
            self.assertTrue(action.active)
            self.assertEqual(action.user_id, self.env.ref("base.user_root"))
            daily = name in CLOCK
            every = (1, "days") if daily else (15, "minutes")
            self.assertEqual((action.interval_number, action.interval_type), every)

    def test_installing_sets_the_times_of_the_office(self):
        self.assertEqual(self.times(), UTC_OF_JAKARTA)

    def test_a_change_of_zone_moves_the_daily_actions(self):
        looked = self.action("cron_sync_permits").nextcall
        with freeze_time("2026-03-10 16:30:00"):  # 23:30 in Jakarta, 01:30 in Jayapura
            self.config.tz = "Asia/Jayapura"
            self.assertEqual(
                [self.action(name).nextcall for name in CLOCK],
                [
                    datetime(2026, 3, 11, 15, 0),
                    datetime(2026, 3, 11, 15, 30),
                    datetime(2026, 3, 11, 16, 0),
                    datetime(2026, 3, 10, 17, 0),
                    datetime(2026, 3, 10, 18, 30),
                ],
            )
            self.config.tz = "Asia/Jakarta"
        self.assertEqual(self.times(), UTC_OF_JAKARTA)
        half_past_eleven = datetime(2026, 3, 10, 17, 0)
        self.assertEqual(self.action("cron_update_expired").nextcall, half_past_eleven)
        self.assertEqual(self.action("cron_sync_permits").nextcall, looked)

    @freeze_time("2026-03-10 03:00:00")
    def test_a_change_of_interval_moves_the_look_at_the_list(self):
        self.config.sync_interval = 5
        action = self.action("cron_sync_permits")
        self.assertEqual((action.interval_number, action.interval_type), (5, "minutes"))
        self.assertEqual(action.nextcall, datetime(2026, 3, 10, 3, 5))

    def test_the_westernmost_zone_and_the_shortest_interval_count(self):
        self.config.write({"tz": "Asia/Jayapura", "sync_interval": 60})
        self.assertEqual(self.times()["cron_update_expired"], "15:00")
        other = self.second_office(tz="Asia/Makassar", sync_interval=10)
        self.assertEqual(self.times()["cron_update_expired"], "16:00")
        self.assertEqual(self.action("cron_sync_permits").interval_number, 10)
        other.active = False
        self.assertEqual(self.times()["cron_update_expired"], "15:00")
        self.assertEqual(self.action("cron_sync_permits").interval_number, 60)
        other.write({"active": True, "tz": "Asia/Jakarta"})
        self.assertEqual(self.times(), UTC_OF_JAKARTA)
        other.unlink()
        self.assertEqual(self.times()["cron_update_expired"], "15:00")

    def test_what_an_administrator_set_stays_until_the_pace_changes(self):
        action = self.action("cron_full_pass")
        planned = datetime(2040, 1, 1, 20, 0)
        action.write({"nextcall": planned, "active": False})
        self.config.write({"tz": "Asia/Jakarta", "page_size": 50, "sync_interval": 15})
        self.second_office(sync_interval=30)
        self.assertEqual(action.nextcall, planned)
        self.config.tz = "Asia/Makassar"
        self.assertEqual(action.nextcall, planned, "the other office is in Jakarta")
        self.config.search([]).write({"tz": "Asia/Makassar"})
        self.assertEqual(f"{action.nextcall:%H:%M}", "17:00")
        self.assertFalse(action.active)

    def test_a_deleted_action_stays_deleted(self):
        self.action("cron_full_pass").unlink()
        self.config.tz = "Asia/Makassar"
        self.assertEqual(f"{self.action('cron_sync_types').nextcall:%H:%M}", "16:30")

    def test_managers_may_change_the_zone(self):
        self.config.with_user(self.manager).tz = "Asia/Makassar"
        self.assertEqual(f"{self.action('cron_sync_types').nextcall:%H:%M}", "16:30")

    def test_a_missed_action_runs_once_and_goes_on_at_its_clock_time(self):
        """Odoo's own step after a run, three days late."""
        action = self.action("cron_full_pass")
        now = fields.Datetime.now()
        on_time = self.config._next_call("sicantik_connector.cron_full_pass")
        action.nextcall = on_time - timedelta(days=4)
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM ir_cron WHERE id = %s", [action.id])
        [job] = self.env.cr.dictfetchall()
        self.env["ir.cron"]._reschedule_later(job)
        action.invalidate_recordset()
        self.assertEqual(action.nextcall, on_time)
        self.assertGreater(action.nextcall, now)


@tagged("post_install", "-at_install", "sicantik")
class TestScheduleLock(TransactionCase):
    """The zone is changed while an action runs."""

    def test_the_change_is_refused_in_the_way_that_odoo_repeats(self):
        action = self.env.ref("sicantik_connector.cron_full_pass")
        config = self.env.ref("sicantik_connector.sicantik_config_production")
        with db_connect(self.env.cr.dbname).cursor() as running:
            running.execute(
                "SELECT id FROM ir_cron WHERE id = %s FOR NO KEY UPDATE NOWAIT",
                [action.id],
            )
            with self.assertRaises(OperationalError), self.env.cr.savepoint():
                config.tz = "Asia/Makassar"
        self.env.invalidate_all()
        config.tz = "Asia/Makassar"
        self.assertEqual(f"{action.nextcall:%H:%M}", "17:00")
