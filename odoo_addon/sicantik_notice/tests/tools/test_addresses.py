from odoo.tests import BaseCase, tagged

from ...tools.addresses import addresses_in


@tagged("post_install", "-at_install", "sicantik")
class TestAddresses(BaseCase):
    """The addresses that people wrote into one field."""

    def test_each_address_is_found_once(self):
        for text, found in (
            ("a@x.id", ["a@x.id"]),
            ("Budi <A@X.id>", ["a@x.id"]),
            ("a@x.id; b@x.id", ["a@x.id", "b@x.id"]),
            ("a@x.id, a@x.id", ["a@x.id"]),
            ("a@x.id/b@x.id|c@x.id", ["a@x.id", "b@x.id", "c@x.id"]),
            ("a@x.id atau b@x.id.", ["a@x.id", "b@x.id"]),
            ("mailto:a@x.id, (b@x.id)", ["a@x.id", "b@x.id"]),
            ("a@x.id\n\tb@x.id", ["a@x.id", "b@x.id"]),
            ("a@x.id; tidak ada", ["a@x.id"]),
            ("a/b@x.id", ["a/b@x.id"]),
            ("mailto:a@x.id", ["a@x.id"]),
            ("a@@x.id", []),
            ("tidak ada", []),
            ("@", []),
            ("", []),
            (False, []),
        ):
            self.assertEqual(addresses_in(text), found, text)
