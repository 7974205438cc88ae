from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .whatsapp_case import ACCOUNT, TWILIO, WhatsappCase

SID = "0123456789abcdef" * 2
UUID = "78d335fa-323d-0114-9c3d-d6f0d48968cf"
# Of each provider: an account as it may be, then what each field may not be.
ACCOUNTS = {
    "meta": (
        {"sender_id": "100200300", "business_id": "300200100"},
        {"sender_id": ("+6283601000123", "12a45"), "business_id": ("WABA1", "1234")},
    ),
    "twilio": (
        {
            "sender_id": f"MG{SID}",
            "business_id": f"AC{SID}",
            "key_id": f"SK{SID}",
        },
        {
            "sender_id": ("6283601000123", "whatsapp:+6283601000123", f"MG{SID}0"),
            "business_id": (f"SK{SID}", "AC12", False),
            "key_id": (f"AC{SID}", SID, False),
        },
    ),
    "bird": (
        {"sender_id": "+6283601000123"},
        {"sender_id": ("6283601000123", "+0836", "+62 836-0100-0123")},
    ),
    "vonage": (
        {"sender_id": "6283601000123", "key_id": UUID},
        {"sender_id": ("+6283601000123", "0836"), "key_id": (UUID[:-1], "x", False)},
    ),
}


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappProviders(WhatsappCase):
    """An account has what its provider has, under the provider's names."""

    def make(self, provider, **values):
        accounts = self.env[ACCOUNT].with_user(self.manager)
        own = {"name": provider, "config_id": self.config.id, "provider": provider}
        return accounts.create({**own, **ACCOUNTS[provider][0], **values})

    def test_ids_have_the_form_that_the_provider_gives_them(self):
        for provider, (_good, bad) in ACCOUNTS.items():
            account = self.make(provider)
            for name, values in bad.items():
                for value in values:
                    with self.assertRaises(ValidationError, msg=value) as refused:
                        account.write({name: value})
                    said = str(refused.exception)
                    self.assertIn(account._label_of(name), said)
                    self.assertIn(account._remedy_of(name), said)
            account.sender_id = False

    def test_the_worker_gets_what_the_provider_has(self):
        known = {}
        for provider in ACCOUNTS:
            account = self.make(provider, name=provider)
            values = account.sudo()._worker_values()
            names = ("sender_id", "business_id", "key_id", "people_per_day")
            known[provider] = tuple(values[name] for name in names)
        self.assertEqual(
            known,
            {
                "meta": ("100200300", "300200100", None, None),
                "twilio": (f"MG{SID}", f"AC{SID}", f"SK{SID}", 250),
                "bird": ("+6283601000123", None, None, 250),
                "vonage": ("6283601000123", None, UUID, 250),
            },
        )

    def test_what_was_typed_before_the_provider_was_chosen_is_left_out(self):
        account = self.make("bird", business_id="300200100", key_id="x")
        values = account.sudo()._worker_values()
        self.assertEqual((values["business_id"], values["key_id"]), (None, None))

    def test_an_account_stays_with_its_provider(self):
        with self.assertRaisesRegex(ValidationError, "stays with its provider"):
            self.account.with_user(self.manager).write(TWILIO)
        self.account.with_user(self.manager).provider = "meta"

    def test_the_form_asks_for_what_the_provider_has(self):
        form = Form(self.env[ACCOUNT].with_user(self.manager))
        form.name, form.config_id, form.provider = "Kedua", self.config, "twilio"
        with self.assertRaisesRegex(ValidationError, "Account SID"):
            form.save()
        form.business_id, form.key_id = f"AC{SID}", f"SK{SID}"
        account = form.save()
        with Form(account) as form:
            with self.assertRaises(AssertionError):
                form.provider = "bird"
            form.people_per_day = 0
        self.assertEqual(account.sudo()._worker_values()["people_per_day"], 0)

    def test_keys_have_the_provider_s_names(self):
        for provider, labels in (
            ("meta", ["Access Token", "App Secret"]),
            ("twilio", ["API Key Secret", "Auth Token"]),
            ("bird", ["API Key", "Webhook Signing Secret"]),
            ("vonage", ["Private Key", "Signature Secret"]),
        ):
            account = self.make(provider)
            secrets = account.action_enter_keys()["params"]["secrets"]
            self.assertEqual([secret["label"] for secret in secrets], labels)
            self.assertEqual(
                [secret["name"] for secret in secrets], ["token", "app_secret"]
            )
            lines = [secret["lines"] for secret in secrets]
            self.assertEqual(lines, [provider == "vonage", False])
            self.assertEqual(account.token_note, f"{labels[0]} is not set.")

    def test_the_address_of_the_webhook_names_the_provider(self):
        self.config.worker_public_address = "https://izin.example.test"
        account = self.make("vonage")
        self.assertEqual(
            account.webhook_address,
            f"https://izin.example.test/webhooks/whatsapp/vonage/{account.uuid}",
        )
