from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .whatsapp_case import ACCOUNT, WhatsappCase

LOOK = "sicantik_whatsapp.mail_activity_text"
SID = f"HX{'0' * 32}"


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappRegistrations(WhatsappCase):
    """Each provider has its own name for a text, and approves for itself."""

    def setUp(self):
        super().setUp()
        self.second = self.another_account()

    def check(self, account, *texts):
        """What the worker's check found at the provider of ``account``."""
        item = {
            "uuid": account.uuid,
            "secrets": {},
            "held": None,
            "check": {"ok": True, "at": "2026-03-10 03:00:00", "texts": list(texts)},
        }
        return self.rpc(ACCOUNT, "report", reports=[item])

    def test_ready_texts_are_drafts_for_meta(self):
        found = self.env.ref("sicantik_whatsapp.whatsapp_registration_test_id")
        self.assertEqual((found.provider, found.name), ("meta", "sicantik_test"))
        self.assertEqual(found._fields["state"].default(found), "draft")
        self.assertEqual(self.registrations.text_id, self.texts.search([]))
        self.assertEqual(set(self.registrations.mapped("provider")), {"meta"})

    def test_names_as_the_provider_takes_them(self):
        long = "0" * 32
        for provider, good, bad in (
            ("meta", ["izin_1"], ["Izin", "izin-1", "izin 1", SID]),
            ("bird", ["izin_1"], ["Izin", "izin-1", "izin 1"]),
            ("twilio", [SID], ["izin_1", f"HX{long}0", f"MG{long}", f"HX{'g' * 32}"]),
            ("vonage", ["izin_1", "a1_B2:izin_1"], ["Izin", ":izin", "a:b:c", "a b"]),
        ):
            own = self.text()._registration(provider) or self.register(
                self.text(), provider, good[0]
            )
            own = own.with_user(self.manager)
            for name in good:
                own.name = name
            for name in bad:
                with self.assertRaises(ValidationError, msg=name) as refused:
                    own.name = name
                self.assertIn(own._remedy(), str(refused.exception))

    @mute_logger("odoo.sql_db")
    def test_a_text_is_registered_once_with_a_provider(self):
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.register(self.text(), "meta", "another_name")

    def test_managers_write_them_in_the_form_of_the_text(self):
        text = self.text().with_user(self.manager)
        line = {"provider": "twilio", "name": SID, "state": "pending"}
        text.registration_ids = [(0, 0, line)]
        self.assertEqual(text.approval, "Meta: Approved, Twilio: In Review")
        text.with_user(self.viewer).registration_ids.read(["name", "state"])
        with self.assertRaises(AccessError):
            text.registration_ids.with_user(self.operator).state = "approved"

    def test_a_text_says_how_it_stands_with_the_providers_in_use(self):
        text = self.text().with_user(self.viewer)
        self.register(text.sudo(), "bird", "izin_1", state="rejected")
        mine = self.register(text.sudo(), state="pending")
        first = text._registration("meta").sudo()
        for of_meta, of_twilio, situation in (
            ({"state": "approved"}, {"state": "pending"}, "approved"),
            ({"state": "pending"}, {"state": "draft"}, "waiting"),
            ({"state": "approved"}, {"state": "paused"}, "stopped"),
            (
                {"state": "approved", "category": "marketing"},
                {"state": "paused"},
                "marketing",
            ),
        ):
            first.write({"category": False, **of_meta})
            mine.write(of_twilio)
            self.assertEqual(text.situation, situation)
            self.assertNotIn("Bird", text.approval)
        self.assertIn("Marketing", text.approval)
        (self.account | self.second).active = False
        self.env.invalidate_all()
        self.assertIn("Bird: Rejected", text.approval)

    def test_what_a_provider_tells_is_of_its_own_text(self):
        mine = self.register(self.text(), name=SID)
        meta = self.text()._registration("meta")
        event = {
            "id": "x",
            "account": self.second.uuid,
            "kind": "text",
            "name": SID,
            "language": None,
            "state": "paused",
        }
        self.rpc(ACCOUNT, "hear", events=[event])
        self.assertEqual((mine.state, meta.state), ("paused", "approved"))
        note = self.config.activity_search([LOOK]).note
        self.assertIn("Twilio: Paused", note)
        self.assertNotIn("Meta", note)
        self.rpc(ACCOUNT, "hear", events=[{**event, "id": "y", "name": meta.name}])
        self.assertEqual(meta.state, "approved")

    def test_a_check_tells_of_the_texts(self):
        self.registrations.state = "draft"
        meta = self.text()._registration("meta")
        told = {"name": meta.name, "language": "id", "category": "UTILITY"}
        self.check(self.account, {**told, "state": "approved"})
        self.assertEqual((meta.state, meta.category), ("approved", "utility"))
        english = self.text(language="en").registration_ids
        self.assertEqual((english.state, english.category), ("draft", False))
        self.check(self.account)
        self.assertEqual(meta.state, "approved", "not told is no news")
        self.check(self.account, {**told, "category": None, "state": "flown"})
        self.assertEqual((meta.state, meta.category), ("approved", "utility"))
        self.check(self.second, {**told, "state": "paused"})
        self.assertEqual(meta.state, "approved", "of another provider")
        self.check(self.account, {**told, "category": "MARKETING", "state": "approved"})
        self.assertEqual(meta.category, "marketing")
        self.assertTrue(self.config.activity_search([LOOK]))

    def test_the_worker_asks_for_the_texts_of_the_provider(self):
        self.register(self.text(), name=SID)
        given = {one["provider"]: one["texts"] for one in self.claim()["accounts"]}
        self.assertEqual(given["twilio"], [{"name": SID, "language": "id"}])
        self.assertEqual(len(given["meta"]), self.texts.search_count([]))
        self.assertIn({"name": "sicantik_test", "language": "en"}, given["meta"])

    def test_each_account_is_checked_once_a_day(self):
        archived = self.another_account(active=False)
        no_sender = self.another_account(sender_id=False)
        self.keep_house()
        both = self.account | self.second
        self.assertEqual(both.mapped("check_requested"), [True, True])
        self.assertFalse(archived.check_requested or no_sender.check_requested)
        self.check(self.account)
        self.assertFalse(self.account.check_requested)
        self.keep_house()
        self.assertFalse(self.account.check_requested, "it is fresh")
        self.assertTrue(self.second.check_requested)
        self.clock.tick(timedelta(days=1))
        self.config.active = False
        self.keep_house()
        self.assertFalse(self.account.check_requested)
        self.config.active = True
        self.keep_house()
        self.assertTrue(self.account.check_requested)
