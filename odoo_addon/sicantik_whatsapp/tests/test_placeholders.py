from odoo.tests import BaseCase, tagged

from ..tools.numbers import writable
from ..tools.placeholders import cleaned, filled, problem_of_body


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappPlaceholders(BaseCase):
    def test_bodies(self):
        for body, count, problem in (
            ("Halo {{1}} dan {{2}} semua", 2, None),
            ("Halo semua", 0, None),
            ("", 0, "empty"),
            ("x" * 1025, 0, "long"),
            ("Halo ✅", 0, "emoji"),
            ("Halo {{2}} dan {{1}} semua", 2, "count"),
            ("Halo {{1}} semua", 2, "count"),
            ("Halo }} dan {{1}} semua", 1, "braces"),
            ("{{1}} semua", 1, "edge"),
            ("Halo {{1}} .", 1, "edge"),
            ("Halo {{1}} {{2}} semua", 2, "beside"),
            ("Halo {{1}}; {{2}} semua", 2, None),
        ):
            self.assertEqual(problem_of_body(body, count), problem, body)

    def test_values(self):
        for value, clean in (
            ("  Budi \r\n Santoso\t", "Budi Santoso"),
            ("a\u00a0\u200bb", "a b"),
            ("Selamat \U0001f389", "Selamat"),
            (7, "7"),
        ):
            self.assertEqual(cleaned(value), clean)
        self.assertEqual(len(cleaned("x" * 201)), 200)

    def test_filled_in_once(self):
        self.assertEqual(filled("a {{1}} b {{2}} c", ["{{2}}", ""]), "a {{2}} b - c")
        self.assertEqual(filled("a {{2}} b", ["x"]), "a {{2}} b")

    def test_numbers(self):
        for text, number in (
            ("0836-0100-0123", "+6283601000123"),
            ("+60 12-345 6789", "+60123456789"),
            ("(061) 4567890", False),
            ("0800 1234567", False),
            ("", False),
            (False, False),
        ):
            self.assertEqual(writable(text), number, text)
