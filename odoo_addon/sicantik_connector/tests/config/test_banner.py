from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import SicantikCase


@tagged("post_install", "-at_install", "sicantik")
class TestBanner(SicantikCase):
    """Who looks at a list hears that no worker listens, and what to do."""

    def setUp(self):
        super().setUp()
        freezer = freeze_time("2026-03-10 03:00:00")
        self.clock = freezer.start()
        self.addCleanup(freezer.stop)
        self.admin = self.env.ref("base.user_admin")

    def banner(self, user=None):
        self.env.invalidate_all()
        return (
            self.env["sicantik.config"].with_user(user or self.viewer).worker_banner()
        )

    def test_never_connected(self):
        told = self.banner()
        self.assertEqual((told["state"], told["config_id"]), ("never", 0))
        self.assertIn("nothing is synchronised", told["message"])
        self.assertIn("Ask a system administrator", told["remedy"])
        told = self.banner(self.admin)
        self.assertEqual(told["config_id"], self.config.id)
        self.assertIn("Press Connect Worker", told["remedy"])

    def test_silent_after_two_minutes_and_back(self):
        self.runs("queued", worker="w", version="1")
        calm = {"state": "connected", "message": "", "remedy": "", "config_id": 0}
        self.assertEqual(self.banner(), calm)
        self.clock.tick(120)
        self.assertEqual(self.banner(self.admin), calm)
        self.clock.tick(1)
        viewer = self.viewer
        viewer.tz = "Asia/Jakarta"
        told = self.banner()
        self.assertEqual((told["state"], told["config_id"]), ("silent", 0))
        self.assertIn("10:00", told["message"], "in the reader's zone")
        self.assertIn("Start the worker's service", told["remedy"])
        self.assertEqual(self.banner(self.admin)["config_id"], self.config.id)
        self.runs("queued", worker="w", version="1")
        self.assertEqual(self.banner(), calm)

    def test_an_ended_key_is_no_worker_to_be_started(self):
        self.runs("queued", worker="w", version="1")
        self.clock.tick(121)
        keys = [{"id": 1, "start": "x", "ends": datetime(2026, 3, 9)}]
        with patch.object(type(self.config), "_worker_api_keys", lambda self: keys):
            self.assertIn("presses Renew Keys", self.banner()["remedy"])
            run = self.env["sicantik.sync.run"]._order_run(self.config, "permits")[0]
            self.assertIn("presses Renew Keys", self.config._worker_remedy(run))

    def test_the_newest_sign_counts(self):
        self.runs("queued", worker="w", version="1")
        other = self.another_office()
        company = other.company_id
        self.admin.company_ids |= company
        configs = self.env["sicantik.config"].with_user(self.admin)
        both = [company.id, self.config.company_id.id]
        told = configs.with_context(allowed_company_ids=both).worker_banner()
        self.assertEqual(told["state"], "connected", "one worker serves both")
        told = configs.with_context(allowed_company_ids=company.ids).worker_banner()
        self.assertEqual((told["state"], told["config_id"]), ("never", other.id))

    def test_without_an_active_configuration_there_is_nothing_to_say(self):
        self.config.active = False
        told = self.banner()
        self.assertEqual((told["state"], told["message"]), ("none", ""))

    def test_for_viewers_only(self):
        for user in (self._user("employee", "base.group_user"), self.worker):
            with self.assertRaises(AccessError):
                self.banner(user)
