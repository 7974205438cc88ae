"""An office that is live, its responsible person, and permits that are about to
expire, at a time that stands still until it is told to tick."""

from datetime import date, timedelta

from freezegun import freeze_time

from odoo.addons.sicantik_connector.tests.common import SicantikCase

EMAIL = "pemohon@contoh.test"
TELL = "sicantik_notice.mail_activity_tell_applicant"


class NoticeCase(SicantikCase):
    TODAY = date(2026, 3, 10)

    def setUp(self):
        super().setUp()
        freezer = freeze_time("2026-03-10 03:00:00")  # 10:00 in Jakarta
        self.clock = freezer.start()
        self.addCleanup(freezer.stop)
        self.config.company_id.write(
            {
                "email": "kantor@contoh.test",
                "sicantik_office_name": "DPMPTSP Kabupaten Contoh",
            }
        )
        self.config.write(
            {
                "go_live_date": "2025-01-01",
                "user_id": self.operator.id,
                # What the office itself is told has tests of its own.
                "tell_staff": False,
            }
        )
        self.notices = self.env["sicantik.notice"]
        self.numbers = 0
        self.earlier_mails = self.env["mail.mail"].search([])

    def partner(self, email=EMAIL, **values):
        values = {"name": "Pemohon Contoh", "email": email, **values}
        return self.env["res.partner"].create(values)

    def permit_with(self, days=None, config=None, **values):
        """A permit that expires in so many days."""
        self.numbers += 1
        config, name = config or self.config, f"{self.numbers:04}"
        vals = {
            "config_id": config.id,
            "company_id": config.company_id.id,
            "identity": f"N\x1f{name}\x1f503/{name}/cth/2025",
            "registration_number": f"0306250{name}",
            "permit_number": f"503/{name}/CTH/2025",
            "applicant_name": "PEMOHON CONTOH",
            "status": "active",
            "expiry_date": days is not None and self.TODAY + timedelta(days=days),
        }
        return self.permits.create({**vals, **values})

    def find(self):
        """The first half of the 09:00 action."""
        for config in self.config._active_configs():
            config._find_notices()
        self.env.flush_all()

    def send(self):
        """The second half; whether there may be more."""
        configs = self.config._active_configs()
        more = any([config._send_notices() for config in configs])
        self.env.flush_all()
        self.env.invalidate_all()
        return more

    def run_action(self):
        """The 09:00 action, without its commits."""
        configs = self.config._active_configs()
        for config in configs:
            config._ask_again()
        self.find()
        while self.send():
            pass
        for config in configs:
            config._tell_of_failures()

    def about(self, permit):
        return self.notices.search([("permit_id", "=", permit.id)])

    def told(self, *permits):
        """What was to be told about them, a notice each, in their order."""
        found = [self.about(permit) for permit in permits]
        return self.notices.union(
            *[notices.filtered(lambda n: n.state != "skipped") for notices in found]
        )

    def assertNotices(self, permit, **states):
        """The states by step: ``s30="sent"``."""
        found = {f"s{notice.step}": notice.state for notice in self.about(permit)}
        self.assertEqual(found, states)

    def mails(self, permit):
        """The e-mails about a permit in Odoo's queue."""
        domain = [("model", "=", permit._name), ("res_id", "=", permit.id)]
        return self.env["mail.mail"].search(domain)

    def deliver(self):
        """The mail server takes what stands in the queue."""
        queued = self.all_mails().filtered(lambda mail: mail.state == "outgoing")
        queued.state = "sent"
        self.env.flush_all()

    def all_mails(self):
        """Every e-mail that the test made, about whatever."""
        return self.env["mail.mail"].search([]) - self.earlier_mails

    def activities(self, permit):
        """What the office was asked to tell about a permit."""
        return permit.activity_search([TELL])
