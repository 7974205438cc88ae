from odoo.tests import BaseCase, tagged

from ..tools.names import MAX_NAME, file_name, title_of

OVERRIDE = "\u202e"


@tagged("post_install", "-at_install", "sicantik")
class TestDocumentNames(BaseCase):
    def test_names_that_people_s_computers_give(self):
        for given, title in (
            ("Surat Izin.pdf", "Surat Izin"),
            ("SURAT.PDF", "SURAT"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Scan\\surat.pdf", "surat"),
            ("surat\x00rahasia.pdf", "suratrahasia"),
            (f"surat{OVERRIDE}fdp.exe", "suratfdp.exe"),
            ("  surat \n izin .pdf", "surat izin"),
            ("a" * 300 + ".pdf", "a" * MAX_NAME),
            ("\ud800surat.pdf", "surat"),
            ("..", ""),
            (".pdf", ""),
            ("", ""),
            (None, ""),
        ):
            with self.subTest(given=given):
                self.assertEqual(title_of(given), title)

    def test_two_spellings_of_a_letter_are_one(self):
        self.assertEqual(title_of("e\u0301.pdf"), "\u00e9")

    def test_names_for_saving(self):
        self.assertEqual(file_name("Surat 503/1: baru?"), "Surat 503_1_ baru_.pdf")
        self.assertEqual(file_name(""), "document.pdf")
