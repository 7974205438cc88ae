from datetime import date, datetime

from odoo.tests import TransactionCase, tagged

from ...tools.notice_words import (
    date_words,
    language_of,
    moment_words,
    status_words,
    whole_years,
)


@tagged("post_install", "-at_install", "sicantik")
class TestNoticeWords(TransactionCase):
    def test_dates_and_times_need_no_language_installed(self):
        day, moment = date(2026, 8, 17), datetime(2026, 8, 17, 16, 5)
        self.assertEqual(date_words(day, "id"), "17 Agustus 2026")
        self.assertEqual(date_words(day, "en"), "17 August 2026")
        self.assertEqual(date_words(False, "id"), "")
        said = moment_words(moment, "Asia/Jakarta", "id")
        self.assertEqual(said, "17 Agustus 2026, 23.05 WIB")
        said = moment_words(moment, "Asia/Jayapura", "en")
        self.assertEqual(said, "18 August 2026, 01:05 WIT")

    def test_years(self):
        for start, end, years in (
            (date(2021, 3, 10), date(2026, 3, 10), 5),
            (date(2021, 3, 10), date(2026, 3, 9), 5),
            (date(2021, 3, 10), date(2026, 3, 8), 0),
            (date(2026, 3, 10), date(2021, 3, 10), 0),
            (False, date(2026, 3, 10), 0),
        ):
            self.assertEqual(whole_years(start, end), years, (start, end))

    def test_every_status_has_words_in_both_languages(self):
        for status, _label in self.env["sicantik.permit"]._fields["status"].selection:
            words = {status_words(status, language) for language in ("id", "en")}
            self.assertEqual(len(words - {""}), 2, status)
        self.assertEqual(status_words(None, "id"), "")

    def test_every_kind_of_ending_has_words_of_its_own_in_both_languages(self):
        kinds = [
            kind for kind, _ in self.env["sicantik.permit"]._fields["ending"].selection
        ]
        for language in ("id", "en"):
            words = {status_words("cancelled", language, kind) for kind in kinds}
            self.assertEqual(len(words), len(kinds), language)
            # What an addon adds is not said to be one of the others.
            unknown = status_words("cancelled", language, "new_kind")
            self.assertNotIn(unknown, words)
            self.assertTrue(unknown)
        self.assertEqual(status_words("active", "id", "revoked"), "berlaku")

    def test_a_contact_s_language(self):
        for code, language in (("en_GB", "en"), ("id_ID", "id"), (False, "id")):
            self.assertEqual(language_of(code), language)
