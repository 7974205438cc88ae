from odoo.tests import Form, tagged

from ..common import SicantikCase

# Made by the worker's own tests; its fingerprint as `sicantik secret list` says it.
PUBLIC_KEY = (
    "BK4ov0docOGe6hgSFfSCt2G3C3E7+QbrSAOkmz9Nm9jd"
    "ukp/vkiEWXvJyaQNEA42c1NJJEvkk8iZVPmnJ5iL9VU="
)
FINGERPRINT = "2cd4-7cb0-dd26-2cde"


@tagged("post_install", "-at_install", "sicantik")
class TestSealing(SicantikCase):
    """What secrets are sealed to."""

    def heard(self, **keys):
        self.runs("queued", worker="w", version="1", keys=keys)

    def test_the_worker_says_what_secrets_are_sealed_to(self):
        self.assertFalse(self.config.worker_key_fingerprint)
        self.heard(public_key=PUBLIC_KEY)
        self.assertEqual(self.config.worker_public_key, PUBLIC_KEY)
        self.assertEqual(self.config.worker_key_fingerprint, FINGERPRINT)
        self.assertEqual(Form(self.config).worker_key_fingerprint, FINGERPRINT)

    def test_a_worker_without_secrets_changes_nothing(self):
        self.heard(public_key=PUBLIC_KEY)
        self.heard(api_key="12345678")
        self.runs("queued", worker="w", version="1")
        self.assertEqual(self.config.worker_public_key, PUBLIC_KEY)

    def test_what_is_no_key_is_left_alone(self):
        compressed = "A" + PUBLIC_KEY[1:]
        for wrong in (1, [], "", "x", PUBLIC_KEY[:-4], PUBLIC_KEY + "AAAA", compressed):
            with self.subTest(wrong=wrong):
                self.heard(public_key=wrong)
                self.assertFalse(self.config.worker_public_key)

    def test_a_changed_key_takes_the_place_of_the_earlier(self):
        self.heard(public_key=PUBLIC_KEY)
        other = PUBLIC_KEY[:20] + "AAAA" + PUBLIC_KEY[24:]
        self.heard(public_key=other)
        self.assertEqual(self.config.worker_public_key, other)
        self.assertNotEqual(self.config.worker_key_fingerprint, FINGERPRINT)
