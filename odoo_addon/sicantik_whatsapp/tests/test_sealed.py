import base64
import hashlib

from odoo.exceptions import AccessError, UserError
from odoo.modules.neutralize import neutralize_database
from odoo.tests import tagged

from .whatsapp_case import ACCOUNT, WhatsappCase

POINT_AND_TAG = 65 + 16
LONGEST = 4096


def sealed_text(length=20, first=4):
    """What a browser sends of a secret of ``length`` bytes, as far as Odoo can see."""
    return base64.b64encode(
        bytes([first, *[7] * (POINT_AND_TAG - 1 + length)])
    ).decode()


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


@tagged("post_install", "-at_install", "sicantik")
class TestSealedEntry(WhatsappCase):
    """Managers type keys, which Odoo passes on sealed and never reads."""

    def setUp(self):
        super().setUp()
        self.mine = self.account.with_user(self.manager)
        self.text = sealed_text()

    def given(self):
        return self.claim()["accounts"][0]["sealed"]

    def report(self, secrets=None, **sealed):
        """The worker's answer: ``token=(text, state)``."""
        item = {
            "uuid": self.account.uuid,
            "secrets": secrets or {},
            "held": None,
            "check": None,
            "sealed": {
                name: {"digest": digest(text), "state": state}
                for name, (text, state) in sealed.items()
            },
        }
        return self.rpc(ACCOUNT, "report", reports=[item])

    def test_the_dialog_gets_what_it_seals_to(self):
        self.config.worker_public_key = base64.b64encode(b"\4" + b"\1" * 64).decode()
        action = self.mine.action_enter_keys()
        params = action["params"]
        self.assertEqual(action["tag"], "sicantik_connector.sealing")
        self.assertEqual(params["public_key"], self.config.worker_public_key)
        self.assertEqual(params["fingerprint"], self.config.worker_key_fingerprint)
        uuid = self.env["ir.config_parameter"].get_param("database.uuid")
        self.assertEqual(params["database_uuid"], uuid)
        token = params["secrets"][0]
        self.assertEqual((token["label"], token["lines"]), ("Access Token", False))
        self.assertEqual(token["bound"], f"whatsapp.{self.account.uuid}.token")
        self.config.worker_public_key = False
        self.assertEqual(self.mine.action_enter_keys()["params"]["public_key"], "")

    def test_it_waits_for_the_worker_and_is_forgotten_when_it_is_kept(self):
        self.assertEqual(self.given(), {})
        self.mine.keep_sealed({"token": self.text})
        self.assertEqual(self.mine.token_entered, "waiting")
        self.assertEqual(self.given(), {"token": self.text})
        self.assertEqual(self.given(), {"token": self.text}, "until it was answered")
        self.report()
        self.assertEqual(self.given(), {"token": self.text}, "no answer is none")
        when = "2026-03-10 03:00:00"
        self.report(secrets={"token": when}, token=(self.text, "kept"))
        self.assertEqual(self.given(), {})
        self.assertFalse(self.mine.token_entered or self.account.token_sealed)
        self.assertEqual(str(self.mine.token_set), when)

    def test_what_cannot_be_opened_is_asked_for_again(self):
        self.mine.keep_sealed({"token": self.text, "app_secret": self.text})
        self.report(token=(self.text, "refused"), app_secret=(self.text, "kept"))
        self.assertEqual(self.mine.token_entered, "refused")
        self.assertFalse(self.mine.app_secret_entered)
        self.assertEqual(self.given(), {})
        self.report()
        self.assertEqual(self.mine.token_entered, "refused", "until it is typed anew")
        self.mine.keep_sealed({"token": self.text})
        self.assertEqual(self.mine.token_entered, "waiting")

    def test_what_was_typed_on_the_server_since_is_no_fault_any_more(self):
        self.report(secrets={"token": "2026-03-10 03:00:00"})
        self.mine.keep_sealed({"token": self.text})
        was = {"token": "2026-03-10 03:00:00"}
        self.report(secrets=was, token=(self.text, "refused"))
        self.report(secrets=was)
        self.assertEqual(self.mine.token_entered, "refused")
        self.report(secrets={"token": "2026-03-10 04:00:00"})
        self.assertFalse(self.mine.token_entered)

    def test_an_answer_is_about_the_text_that_it_names(self):
        newer = sealed_text(21)
        self.mine.keep_sealed({"token": self.text})
        self.mine.keep_sealed({"token": newer})
        for state in ("kept", "refused"):
            self.report(token=(self.text, state), app_secret=(newer, state))
            self.assertEqual(self.given(), {"token": newer}, state)
            self.assertEqual(self.mine.token_entered, "waiting", state)
        self.assertFalse(self.mine.app_secret_entered)

    def test_what_is_no_sealed_text_is_not_kept(self):
        plain = "EAAcontohTokenAkses0123456789"
        longer_than_any = sealed_text(LONGEST + 1)
        for text in (
            "",
            plain,
            plain * 10,
            base64.b64encode(plain.encode() * 10).decode(),
            sealed_text(0),
            longer_than_any,
            sealed_text(first=2),
            self.text + "\n",
            self.text[:-1],
            self.text.replace("+", "-").replace("B", "_"),
            "é" * 120,
            None,
            True,
            17,
            [self.text],
            self.text.encode(),
        ):
            with self.subTest(text=text), self.assertRaises(UserError):
                self.mine.keep_sealed({"token": text})
        for sealed in ({}, None, [], "token", {"name": self.text}, {1: self.text}):
            with self.subTest(sealed=sealed), self.assertRaises(UserError):
                self.mine.keep_sealed(sealed)
        with self.assertRaises(UserError):
            self.mine.keep_sealed({"token": self.text, "sender_id": self.text})
        self.assertFalse(self.account.token_sealed or self.account.app_secret_sealed)
        for length in (1, LONGEST):
            self.mine.keep_sealed({"token": sealed_text(length)})

    def test_nobody_reads_it_back(self):
        self.mine.keep_sealed({"token": self.text, "app_secret": self.text})
        admin = self.env.ref("base.user_admin")
        for user in (self.manager, self.operator, self.viewer, admin):
            account = self.account.with_user(user)
            for name in ("token_sealed", "app_secret_sealed"):
                self.assertNotIn(name, account.fields_get())
                with self.assertRaises(AccessError):
                    account.read([name])
                with self.assertRaises(AccessError):
                    account.search([(name, "!=", False)])
            [values] = account.read([])
            self.assertNotIn(self.text, values.values())
        copy = self.mine.copy()
        self.assertFalse(copy.sudo().token_sealed or copy.token_entered)

    def test_strangers_leave_nothing(self):
        other = self.another_office()
        account = self.account.create({"name": "Lain", "config_id": other.id})
        for refused in (
            self.account.with_user(self.operator),
            self.account.with_user(self.viewer),
            self.account.with_user(self.worker),
            account.with_user(self.manager),
        ):
            with self.assertRaises(AccessError):
                refused.keep_sealed({"token": self.text})
            with self.assertRaises(AccessError):
                refused.action_enter_keys()
        self.assertFalse((self.account | account).filtered("token_sealed"))

    def test_the_worker_is_woken_after_the_commit(self):
        self.config.write({"worker_url": "http://127.0.0.1:9", "worker_hook_key": "x"})
        self.cr.postcommit.clear()
        self.mine.keep_sealed({"token": self.text})
        self.assertEqual(len(self.cr.postcommit._funcs), 1)

    def test_a_copy_for_tests_has_none(self):
        self.mine.keep_sealed({"token": self.text, "app_secret": self.text})
        self.env.flush_all()
        neutralize_database(self.env.cr)
        self.env.invalidate_all()
        account = self.account
        self.assertFalse(account.token_sealed or account.app_secret_sealed)
        self.assertFalse(account.token_entered or account.app_secret_entered)
