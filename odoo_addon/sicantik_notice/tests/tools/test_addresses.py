from odoo.tests import BaseCase, tagged

from ...tools.addresses import addresses_in


@tagged("post_install", "-at_install", "sicantik")
class TestAddresses(BaseCase):
    """The addresses that people wrote into one field."""

    def assert_found(self, *examples):
        for text, *found in examples:
            self.assertEqual(addresses_in(text), found, text)

    def assert_none(self, *texts):
        self.assert_found(*((text,) for text in texts))

    def test_each_address_is_found_once(self):
        self.assert_found(
            ("a@x.id", "a@x.id"),
            ("A@X.id", "a@x.id"),
            ("A@X.ID, B@X.Id", "a@x.id", "b@x.id"),
            ("budi_s.antoso+izin@x-y.co.id", "budi_s.antoso+izin@x-y.co.id"),
            ("o'brien@x.id", "o'brien@x.id"),
            ("a@x.id; b@x.id", "a@x.id", "b@x.id"),
            ("a@x.id, a@x.id", "a@x.id"),
            ("a@x.id/b@x.id|c@x.id", "a@x.id", "b@x.id", "c@x.id"),
            ("a@x.id b@x.id", "a@x.id", "b@x.id"),
            ("a@x.id atau b@x.id.", "a@x.id", "b@x.id"),
            ("mailto:a@x.id, (b@x.id)", "a@x.id", "b@x.id"),
            ("mailto:a@x.id?subject=Izin", "a@x.id"),
            ("a@x.id\n\tb@x.id", "a@x.id", "b@x.id"),
            ("\u200ba@x.id\u00a0", "a@x.id"),
            ("1. a@x.id 2) b@x.id", "a@x.id", "b@x.id"),
        )
        self.assert_none("tidak ada", "@", "-", "", False)

    def test_a_name_before_brackets_is_no_part(self):
        self.assert_found(
            ("Budi <A@X.id>", "a@x.id"),
            ("Budi Santoso, S.H. <a@x.id>", "a@x.id"),
            ('"Santoso, Budi" <a@x.id>; Ani < b@x.id >', "a@x.id", "b@x.id"),
            ('"a@x.id" <a@x.id>', "a@x.id"),
            ("Budi (a@x.id)", "a@x.id"),
        )

    def test_a_label_and_a_telephone_number_are_no_part(self):
        self.assert_found(
            ("Email a@x.id / HP 0812", "a@x.id"),
            ("e-mail: a@x.id", "a@x.id"),
            ("email=a@x.id", "a@x.id"),
            ("a@x.id 08123456789", "a@x.id"),
            ("a@x.id / 08123456789", "a@x.id"),
            ("a@x.id - 0812", "a@x.id"),
            ("a@x.id | hp 0812", "a@x.id"),
            ("a@x.id, +62 812-3456-7890", "a@x.id"),
            ("0812 3456 7890 a@x.id", "a@x.id"),
            ("08123456789/a@x.id", "a@x.id"),
        )

    def test_a_word_or_digits_before_an_address_may_be_its_beginning(self):
        self.assert_none(
            "budi santoso@x.id",
            "budi\u00a0santoso@x.id",
            "budi,santoso@x.id",
            "budi/santoso@x.id",
            "budi & santoso@x.id",
            "Budi <budi santoso@x.id>",
            "Email budi santoso@x.id",
            "1990 budi@x.id",
            "12,budi@x.id",
            "budi@ santoso@x.id",
        )
        self.assert_found(("a@x.id; budi; santoso@x.id; c@x.id", "c@x.id"))

    def test_a_word_behind_an_address_may_be_its_end(self):
        self.assert_none(
            "budi@x.co id",
            "budi@x.co .id",
            "budi@x.co. id",
            "budi@x.kota,go.id",
            "budi@x,com",
            "budi@x .com",
            "budi @x.com",
            "budi@x.com0812",
            "budi@x.comHP 0812",
            "budi@x.com@y.com",
            "budi@localhost",
            "budi(at)x.com",
        )

    def test_what_is_said_to_be_dead_is_not_used_so_that_somebody_asks(self):
        self.assert_none(
            "a@x.id tidak aktif",
            "a@x.id, tidak aktif",
            "a@x.id - sudah tidak dipakai",
            "a@x.id (salah)",
            "a@x.id tidak ada",
            "Budi <a@x.id> nonaktif",
            "tidak aktif <a@x.id>",
            "a@x.id, a@x.id (lama)",
        )
        self.assert_found(("a@x.id, b@x.id tidak aktif", "a@x.id"))

    def test_a_mark_for_nothing_beside_an_address_is_nothing(self):
        self.assert_found(("a@x.id; tidak ada", "a@x.id"), ("- / a@x.id", "a@x.id"))

    def test_half_an_address_leaves_the_other_ones(self):
        self.assert_found(("a@@x.id; b@x.id", "b@x.id"), ("b@x.id, a@", "b@x.id"))
