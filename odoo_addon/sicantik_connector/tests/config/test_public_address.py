from odoo.tests import Form, tagged

from ..common import SicantikCase

ADDRESS = "https://perizinan.example.go.id"


@tagged("post_install", "-at_install", "sicantik")
class TestPublicAddress(SicantikCase):
    """Where the internet reaches the worker."""

    def heard(self, **keys):
        self.runs("queued", worker="w", version="1", keys=keys)

    def test_the_worker_says_where_it_is_reached(self):
        self.heard(public_address=ADDRESS)
        self.assertEqual(self.config.worker_public_address, ADDRESS)
        self.assertEqual(Form(self.config).worker_public_address, ADDRESS)
        self.heard(public_address="")
        self.assertFalse(self.config.worker_public_address)

    def test_a_worker_that_does_not_say_changes_nothing(self):
        self.heard(public_address=ADDRESS)
        self.heard(api_key="12345678")
        self.runs("queued", worker="w", version="1")
        self.assertEqual(self.config.worker_public_address, ADDRESS)

    def test_what_is_no_public_address_is_left_alone(self):
        for wrong in (1, [], "x", "http://perizinan.example.go.id", ADDRESS * 10):
            with self.subTest(wrong=wrong):
                self.heard(public_address=wrong)
                self.assertFalse(self.config.worker_public_address)
