from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ..common import SicantikCase
from .test_pairing import TestPairing as Pairing

RENEW_KEYS = "sicantik_connector.mail_activity_renew_keys"


@tagged("post_install", "-at_install", "sicantik")
class TestKeyEnd(SicantikCase):
    """The end of the worker's key is said 30 days before."""

    pair, user, keys = Pairing.pair, Pairing.user, Pairing.keys

    def ends_in(self, **delta):
        """Let the newest key end then, and look anew."""
        ends = datetime(2026, 3, 10, 3, 0) + timedelta(**delta)
        self.env.cr.execute(
            "UPDATE res_users_apikeys SET expiration_date = %s WHERE id = %s",
            [ends, max(self.keys().ids)],
        )
        self.env.invalidate_all()

    def activities(self):
        return self.config.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(RENEW_KEYS)
        )

    def keep_house(self):
        self.env["sicantik.config"]._cron_housekeeping()

    @freeze_time("2026-03-10 03:00:00")
    def test_the_state_of_the_key(self):
        self.assertEqual(self.config.api_key_state, "none")
        self.assertFalse(self.config.api_key_expires)
        self.pair()
        for delta, state in (
            ({"days": 31}, "valid"),
            ({"days": 30}, "ending"),
            ({"seconds": 1}, "ending"),
            ({"seconds": 0}, "ended"),
        ):
            self.ends_in(**delta)
            self.assertEqual(self.config.api_key_state, state, delta)

    @freeze_time("2026-03-10 03:00:00")
    def test_who_connected_the_worker_gets_one_activity(self):
        self.pair()
        admin = self.env.ref("base.user_admin")
        self.assertEqual(self.config.worker_paired_by, admin)
        self.ends_in(days=31)
        self.keep_house()
        self.assertFalse(self.activities())
        self.ends_in(days=29)
        self.keep_house()
        activity = self.activities()
        self.assertEqual(activity.user_id, admin)
        self.assertEqual(activity.date_deadline, date(2026, 4, 8))
        self.assertIn("Renew Keys", activity.note)
        activity.with_user(admin).action_feedback(feedback="seen")
        self.keep_house()
        self.assertFalse(self.activities(), "once for each key")

    @freeze_time("2026-03-10 03:00:00")
    def test_new_keys_end_the_activity(self):
        self.pair()
        self.runs("queued", worker="w", version="1")
        self.ends_in(days=29)
        self.keep_house()
        self.assertEqual(len(self.activities()), 1)
        self.pair()
        self.env.invalidate_all()
        self.assertFalse(self.activities())
        self.assertEqual(self.config.api_key_state, "valid")
        self.ends_in(days=3)
        self.keep_house()
        self.assertEqual(len(self.activities()), 1, "the next key, the next activity")
