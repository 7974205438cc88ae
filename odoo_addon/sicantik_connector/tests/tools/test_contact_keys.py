import json
import unicodedata
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from ...tools.contacts import name_key, npwp_key, phone_key
from ...tools.phone_number import read_phone, read_phones, shown_phone
from ...tools.text import DASHES, INVISIBLE, tidy

# What people write, the right value, and why. The worker's tests read the same file.
EXAMPLES = json.loads((Path(__file__).parents[1] / "vectors.json").read_text())


@tagged("post_install", "-at_install", "sicantik")
class TestContactKeys(TransactionCase):
    def assert_read(self, kind, read):
        for written, right, why in EXAMPLES[kind]:
            with self.subTest(kind=kind, written=written):
                self.assertEqual(read(written), right, f"{written!a}: {why}")

    def test_there_are_examples_enough(self):
        lines = [line for lines in EXAMPLES.values() for line in lines]
        self.assertGreaterEqual(len(lines), 300)
        self.assertTrue(all(len(line) == 3 and line[2] for line in lines))

    def test_texts_are_cleaned_as_the_worker_does(self):
        self.assert_read("text", tidy)

    def test_names_are_compared_as_the_worker_does(self):
        self.assert_read("name", lambda name: name_key(name) or "none")
        self.assertIs(name_key(None), False)
        self.assertIs(name_key("-"), False)

    def test_telephone_numbers_are_read_as_the_worker_does(self):
        def said(written):
            key, state = read_phone(written)
            return f"{state} {key}" if key else state

        self.assert_read("phone", said)
        for written, right, _why in EXAMPLES["phone"]:
            self.assertEqual(phone_key(written) or "", right.partition(" ")[2])
        self.assertIs(phone_key(None), False)
        self.assertIs(phone_key("-"), False)

    def test_of_several_numbers_none_is_compared(self):
        for written, right, why in EXAMPLES["phones"]:
            self.assertIs(phone_key(written), False, f"{written!a}: {why}")
            keys = {number.key for number in read_phones(written)}
            self.assertIn(right.partition(" ")[2] or None, keys, f"{written!a}: {why}")

    def test_a_number_is_shown_as_it_was_written_where_that_is_plain(self):
        for written, shown in (
            ("0812-3456-7890", "0812-3456-7890"),
            (" (061) 456\u20137890 ", "(061) 456-7890"),
            ("\u202a+62 812\u00a03456\u00a07890\u202c", "+62 812 3456 7890"),
            ("81234567890.0", "+6281234567890"),
            ("081234567890 (WA)", "+6281234567890"),
            ("https://wa.me/6281234567890", "+6281234567890"),
            ("081234567890 (2)", False),
            ("081234567890/081398765432", False),
            ("14022", False),
            (None, False),
        ):
            self.assertEqual(shown_phone(written), shown, written)

    def test_an_npwp_is_one_in_each_of_its_forms(self):
        self.assert_read("npwp", lambda npwp: npwp_key(npwp) or "none")
        self.assertIs(npwp_key(None), False)
        self.assertIs(npwp_key("-"), False)

    def test_what_nobody_sees_and_what_looks_like_a_hyphen_is_known(self):
        every = map(chr, range(0x110000))
        kinds = {char: unicodedata.category(char) for char in every}
        format_characters = [char for char, kind in kinds.items() if kind == "Cf"]
        dashes = [char for char, kind in kinds.items() if kind == "Pd" and char != "-"]
        self.assertEqual([c for c in format_characters if not INVISIBLE.match(c)], [])
        self.assertEqual([c for c in dashes if not DASHES.match(c)], [])
