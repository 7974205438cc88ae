from odoo.tests import BaseCase, tagged

from ..tools.numbers import key_of, keys_in, keys_in_name, longest

NUMBER = "503/0002/CTH/2099"
KEY = "503-0002-CTH-2099"


@tagged("post_install", "-at_install", "sicantik")
class TestNumbers(BaseCase):
    def test_a_number_is_its_parts(self):
        for number in (NUMBER, "503 / 0002 / cth / 2099", "503.0002.CTH.2099", KEY):
            self.assertEqual(key_of(number), KEY)
        self.assertEqual(key_of(None), "")
        self.assertNotEqual(key_of("503/00021/CTH/2099"), KEY)

    def test_a_name_has_it_among_other_words(self):
        for name in (
            "503_0002_CTH_2099.pdf",
            "Izin 503-0002-CTH-2099 (1).pdf",
            "pindai 503 0002 cth 2099 akhir.PDF",
            "503_0002_CTH_2099",
        ):
            self.assertIn(KEY, keys_in_name(name), name)
        for name in (
            "503_0002_CTH.pdf",
            "5030002CTH2099.pdf",
            "503_0002_CTH_20991.pdf",
        ):
            self.assertNotIn(KEY, keys_in_name(name), name)

    def test_a_short_number_is_one_where_the_name_says_nothing_else(self):
        self.assertIn("503-1", keys_in_name("503_1.pdf"))
        self.assertNotIn("503-1", keys_in_name("izin 503_1.pdf"))
        self.assertNotIn("503-1", keys_in("Nomor: 503/1"))
        self.assertNotIn("SURAT", keys_in_name("surat.pdf"))

    def test_a_text_breaks_lines(self):
        found = keys_in("PEMERINTAH\nNomor :  503/0002\n /CTH/2099\nDiberikan kepada")
        self.assertIn(KEY, found)

    def test_a_part_of_a_longer_number_is_none(self):
        found = keys_in(f"Nomor {NUMBER}")
        part = "0002-CTH-2099"
        self.assertEqual(longest(found, {KEY, part}), {KEY})
        twice = keys_in(f"Nomor {NUMBER}, dahulu 0002/CTH/2099")
        self.assertEqual(longest(twice, {KEY, part}), {KEY, part})

    def test_a_long_text_ends(self):
        found = keys_in("1234567 " * 100_000)
        self.assertLessEqual(sum(map(len, found.values())), 16 * 10_000)
