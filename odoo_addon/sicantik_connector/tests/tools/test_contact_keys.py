from odoo.tests import TransactionCase, tagged

from ...tools.contacts import name_key, npwp_key, phone_key


@tagged("post_install", "-at_install", "sicantik")
class TestContactKeys(TransactionCase):
    def test_names_are_compared_as_the_worker_does(self):
        # the examples of src/domain/text.rs
        for name, key in (
            (" Izin\u00a0Contoh\tA\u000b", "IZIN CONTOH A"),
            ("CV. Café\u00a0Contoh \u000b&  Rekan\r\n", "CV. CAFÉ CONTOH & REKAN"),
            ("Budi\u200a Contoh", "BUDI CONTOH"),
            ("Budi\x1cContoh", "BUDICONTOH"),
            ("straße", "STRASSE"),
        ):
            self.assertEqual(name_key(name), key)
        for none in (None, False, "", " \x00 ", "-", "0", ". -", "00"):
            self.assertIs(name_key(none), False, repr(none))

    def test_numbers_that_reach_the_same_telephone(self):
        for number in (
            "0812-3456-7890",
            "+62 812 3456 7890",
            "62 812 3456 7890",
            "0062 812 3456 7890",
            "+62 (0)812.3456.7890",
            "812 3456 7890",
        ):
            self.assertEqual(phone_key(number), "+6281234567890", number)
        self.assertEqual(phone_key("(061) 456 7890"), "+62614567890")
        self.assertEqual(phone_key("+60 12-345 6789"), "+60123456789")

    def test_what_is_no_telephone_number(self):
        for none in (
            None,
            "",
            "-",
            "0",
            "0000000000",
            "080000000000",
            "081111111111",
            "081234567890/081987654321",
            "081234567890 (rumah)",
            "12345",
            "+0812345678",
            "+62812345678901234",
        ):
            self.assertIs(phone_key(none), False, repr(none))

    def test_both_forms_of_an_npwp_are_one(self):
        for number in (
            "01.234.567.8-901.000",
            "012345678901000",
            "0012345678901000",
            "ID012345678901000",
            " 01 234 567 8 901 000 ",
        ):
            self.assertEqual(npwp_key(number), "0012345678901000", number)
        self.assertEqual(npwp_key("3171234567890123"), "3171234567890123")

    def test_placeholders_are_no_npwp(self):
        for none in (
            None,
            "",
            "-",
            "00.000.000.0-000.000",
            "00.000.000.0-331.000",
            "0000000000331000",
            "99.999.999.9-999.999",
            "12.345.678.9-012.345",
            "01.234.567.8",
            "DE012345678901000",
            "012345678901000 / 022345678901000",
        ):
            self.assertIs(npwp_key(none), False, repr(none))
