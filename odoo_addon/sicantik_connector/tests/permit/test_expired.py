from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ..common import MANY, SicantikCase


@tagged("post_install", "-at_install", "sicantik")
class TestExpired(SicantikCase):
    """SICANTIK: Update Expired Permits."""

    def permit_with(self, name, status="active", expiry="2026-03-10", config=None):
        config = config or self.config
        return self.permits.create(
            {
                "config_id": config.id,
                "company_id": config.company_id.id,
                "identity": f"N\x1f{name}\x1f503/{name}",
                "registration_number": name,
                "permit_number": f"503/{name}",
                "status": status,
                "expiry_date": expiry,
            }
        )

    def update(self):
        self.env["sicantik.config"]._cron_update_expired()

    def notes(self, permit):
        return permit.message_ids.filtered(lambda m: "Status:" in (m.body or ""))

    def test_half_past_eleven_in_jakarta_is_not_yet_tomorrow(self):
        permit = self.permit_with("1")
        with freeze_time("2026-03-10 16:30:00"):  # 23:30
            self.update()
            self.assertEqual(permit.status, "active")
        with freeze_time("2026-03-10 17:00:00"):  # 00:00
            self.update()
            self.assertEqual(permit.status, "expired")

    def test_each_configuration_has_its_own_midnight(self):
        east = self.another_office(tz="Asia/Jayapura")
        there = self.permit_with("1", config=east)
        here = self.permit_with("1")
        with freeze_time("2026-03-10 15:00:00"):
            self.update()
        self.assertEqual((there.status, here.status), ("expired", "active"))

    @freeze_time("2026-03-10 17:00:00")
    def test_only_active_and_expired_follow_the_date(self):
        past, later = "2026-03-10", "2026-03-11"
        permits = {
            ("active", past): "expired",
            ("active", later): "active",
            ("active", False): "active",
            ("expired", past): "expired",
            ("expired", later): "active",
            ("expired", False): "active",
            ("draft", past): "draft",
            ("renewed", past): "renewed",
            ("cancelled", past): "cancelled",
        }
        made = {
            case: self.permit_with(str(number), *case)
            for number, case in enumerate(permits)
        }
        self.update()
        for case, expected in permits.items():
            permit = made[case]
            self.assertEqual(permit.status, expected, case)
            changed = case[0] != expected
            self.assertEqual(len(self.notes(permit)), int(changed), case)
        note = self.notes(made["active", past]).body
        self.assertIn("Active", note)
        self.assertIn("Expired", note)

    @freeze_time("2026-03-13 23:00:00")
    def test_a_second_time_changes_nothing(self):
        permit = self.permit_with("1")
        self.update()
        written = permit.write_date
        self.update()
        self.assertEqual(len(self.notes(permit)), 1)
        self.assertEqual(permit.write_date, written)

    def test_an_archived_configuration_s_permits_expire_too(self):
        permit = self.permit_with("1", expiry="2020-01-01")
        self.config.active = False
        self.update()
        self.assertEqual((permit.status, permit.expiry_state), ("expired", "expired"))
        self.assertEqual(len(self.notes(permit)), 1)

    def test_fifty_thousand_permits_take_no_statement_each(self):
        """A usual night: some hundred of them expire."""
        self.load_many(date(2026, 3, 10) - timedelta(days=5))
        with freeze_time("2026-03-10 03:00:00", tick=True), self.statements() as sql:
            self.update()
        updates = [s for s in sql if s.startswith("UPDATE sicantik_permit")]
        self.assertEqual(len(updates), 1)
        self.assertLess(len(sql), 40)
        domain = [("config_id", "=", self.config.id), ("status", "=", "expired")]
        self.assertEqual(self.permits.search_count(domain), MANY // 100)
