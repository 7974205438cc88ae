from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import tagged

from ...models.permit import search
from ...tools.search_text import MAX_PIECES
from ..common import SicantikCase, applicant_of, fingerprint, row_of

NUMBER = "503.04/0258/CTH/DPM-PTSP/2024"
NAME = "KOPERASI UJI DUA TIGA EMPAT"
DETAIL = {
    "applicant_phone": "0812-9876-5432",
    "whatsapp_number": "+6281298765432",
    "company_name": "CV. MA'RUF JAYA",
    "company_npwp": "01.234.567.8-901.000",
    "company_phone": "(0361) 555 123 / 0361-555124",
    "district": "KEC. CONTOH UTARA",
    "village": "Désa Suka Maju",
}
# What an applicant at the counter says, or what is pasted from somewhere.
FOUND = (
    # As an officer tried it: by number and registration,
    NUMBER,
    NUMBER.lower(),
    f"  {NUMBER}\t",
    "0258",
    "503.04/0258",
    "000123/2024",
    "123/2024",
    "503 0258 CTH",
    # by the applicant,
    NAME,
    NAME.lower(),
    "koperasi",
    "tiga dua uji",
    "EMPAT KOPERASI",
    # by company, place and NPWP,
    "CV. MA'RUF JAYA",
    "kec. contoh utara",
    "suka maju",
    "01.234.567.8-901.000",
    # by telephone.
    "0812-9876-5432",
    "+6281298765432",
    "0812 9876 5432",
    # Other ways to write a number,
    "503040258",
    "503/0258/CTH",
    "503/CTH/2024",
    "503-04-0258-CTH",
    "503\\04\\0258",
    "dpmptsp 2024 0258",
    "50304 0258",
    "503.04/0258 koperasi",
    # a name,
    "koperasi-uji",
    "kop_rasi",
    "KOPERASIUJIDUATIGAEMPAT",
    "Köperasi Ují",
    "ma ruf",
    "maruf",
    "CV MARUF",
    "marufjaya",
    "jaya, cv",
    "utara contoh",
    "desa sukamaju",
    "Siti Aminah",
    "aminah koperasi maruf utara",
    "KOPERASI\u00a0UJI\u200b",
    # a telephone number,
    "+62 812 9876 5432",
    "+62 (0)812-9876-5432",
    "0062 812 98765432",
    "62 812 9876 5432",
    "812 9876 5432",
    "298765432",
    "+62812987",
    "0812.9876.5432",
    "\u202a+62\u00a0812\u20119876\u20115432\u202c",
    "٠٨١٢٩٨٧٦٥٤٣٢",
    "koperasi 0812 9876 5432",
    "HP 0812 9876 5432",
    "Telp. (0361) 555123",
    "(0361) 555123",
    "+62 361 555 124",
    "0361/555124",
    # an NPWP,
    "012345678901000",
    "0012345678901000",
    "01 234 567 8 901 000",
    "8-901.000",
    "01.234.567.8-901.000-000000",
    # what stands before a number, a place or a name, and links,
    "No. 503.04/0258/CTH",
    "NPWP: 01.234.567.8-901.000",
    "kecamatan contoh utara",
    "Kel. Suka Maju",
    "https://wa.me/6281298765432",
    # and very much, or one letter.
    "koperasi " + "a " * 495,
    "k",
)
WHOLE = (
    NUMBER,
    NUMBER.lower(),
    "503-04-0258-CTH",
    "000123/2024",
    "503.04/0258 koperasi",
    NAME,
    "0812 9876 5432",
    "+62 812 9876 5432",
    "01 234 567 8 901 000",
    "NPWP 01.234.567.8-901.000",
    f"No. {NUMBER}",
)
NOT_FOUND = (
    "KOPERASI LAIN",
    "0812 9876 5433",
    "+62 813 9876 5432",
    "503/0259",
    "%",
    "_",
    "%%%",
    "kop%lain",
    "k_perasi",
    "'",
    '"',
    "\\",
    "'; --",
    "--",
    "\x00",
    "محمد",
    "x" * 1000,
)
MEANT = (
    "KOPERSI UJI DUA TIGA EMPAT",
    "kopersi",
    "EMPAT KOPERAZI",
    "koperasi aminahh",
    "cv maruf jayya",
    "kec contoh utra",
    "0812 9876 5431",
    "+62 812 9876 5431",
    "503.04/0285/CTH/DPM-PTSP/2024",
    "KOPERASI UJI DUA TIGA LIMA",
    "0987654321 koperasi uji",
    "sitti",
    "desa suko",
    "jata maruf",
    "NPWP 01.234.567.8-901.001",
    "503040285CTHDPMPTSP2024 KOPERSI MARUFJAYYA SUKAMAYU CONTOH UTTARA",
)
# Oddly written, as it comes from SICANTIK; each of another permit.
ODD = (
    {"applicant_phone": "081234567890 a.n. Wulan", "company_npwp": "NPWP belum ada"},
    {"applicant_phone": "(021) 5551234 ext 3", "company_npwp": "1202123456780001"},
    {"company_phone": "0813_3456_7890", "village": "Gung*Leto / RT 2"},
    {"whatsapp_number": "+60123456789", "district": "Ds. «Lau» Simomo"},
    {"applicant_phone": "081211112222 081233334444", "company_name": "UD._X--Y;"},
    {"company_phone": "[0815] 34567890", "company_npwp": "0099345678901000000000"},
)


@tagged("post_install", "-at_install", "sicantik")
class TestSearch(SicantikCase):
    """A permit is found by whatever of it somebody types."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("test_every_search_finds_its_permit")
        run = case.start()
        row = row_of(
            "000123/2024",
            NUMBER,
            applicant=applicant_of(NAME),
            further_applicants=[applicant_of("Siti Aminah")],
        )
        others = [
            row_of(str(9000 + n), f"600/{n}", applicant=applicant_of(f"Lain {n}"))
            for n in range(18)
        ]
        # Each holds all parts of what the one is looked for by, in other places.
        others += [
            row_of("9100", "0258/503/04/CTH/DPM-PTSP/2024"),
            row_of("98760812", "600/5432"),
        ]
        case.upsert(run, row, *others)
        cls.one = case.permit("000123/2024")
        case.finish(run)
        cls.details = case.start("expiry")
        case.tell(DETAIL)

    def tell(self, detail, permit=None):
        """A detail of the permit."""
        row = {
            "id": (permit or self.one).id,
            "outcome": "found",
            "hash": fingerprint(detail),
            "detail": detail,
            "flags": [],
            "raw": {},
        }
        self.rpc("sicantik.permit", "apply_details", rows=[row], **self.details)

    def found(self, typed, operator="ilike"):
        """What the list shows to a viewer who types it and presses Enter."""
        domain = [("display_name", operator, typed)]
        return self.permits.with_user(self.viewer).search(domain)

    def meant(self, typed):
        return [one["id"] for one in self.permits.with_user(self.viewer).nearest(typed)]

    def test_every_search_finds_its_permit(self):
        for typed in FOUND:
            with self.subTest(typed):
                self.assertIn(self.one, self.found(typed))

    def test_what_is_typed_whole_finds_no_other_permit(self):
        for typed in WHOLE:
            with self.subTest(typed):
                self.assertEqual(self.found(typed), self.one)

    def test_what_a_permit_shows_is_found_when_it_is_pasted(self):
        permits = [self.permit(str(9000 + n)) for n in range(len(ODD))]
        for permit, detail in zip(permits, ODD, strict=True):
            self.tell({**DETAIL, **dict.fromkeys(DETAIL), **detail}, permit)
        for permit, detail in zip(permits, ODD, strict=True):
            for value in detail.values():
                for typed in (value, f" {value.lower()}\t", value[1:-1]):
                    with self.subTest(typed):
                        self.assertIn(permit, self.found(typed))

    def test_what_is_nowhere_is_not_found(self):
        for typed in NOT_FOUND:
            with self.subTest(typed):
                self.assertFalse(self.found(typed))
                self.assertEqual(
                    self.found(typed, "not ilike"), self.permits.search([])
                )

    def test_what_is_found_is_not_among_the_others(self):
        self.assertNotIn(self.one, self.found("koperasi uji", "not ilike"))
        self.assertEqual(len(self.found("koperasi uji", "not ilike")), 20)

    def test_nothing_typed_asks_for_nothing(self):
        for typed in ("", "  "):
            self.assertEqual(self.found(typed), self.permits.search([]))

    def test_the_whole_name_is_still_compared_as_a_whole(self):
        self.assertEqual(self.found(NUMBER, "="), self.one)
        self.assertFalse(self.found("0258", "="))

    def test_choosing_a_permit_by_a_word_of_it(self):
        permits = self.permits.with_user(self.viewer)
        self.assertEqual(
            [key for key, _name in permits.name_search("aminah koperasi")],
            self.one.ids,
        )

    def test_the_first_field_of_the_search_takes_what_is_typed(self):
        view = self.permits.get_view(view_type="search")
        first = view["arch"].index('<field name="')
        self.assertTrue(view["arch"][first:].startswith('<field name="display_name"'))

    # The text follows what is written

    def test_a_new_number_a_corrected_name_and_other_details_are_found(self):
        run = self.start()
        row = {"applicant": applicant_of("Baru Sekali"), "hash": "x"}
        self.upsert(run, row_of("000123/2024", NUMBER, **row))
        self.assertEqual(self.found("baru sekali"), self.one)
        self.assertFalse(self.found("koperasi"))
        self.assertFalse(self.found("aminah"))
        self.finish(run)
        self.details = self.start("expiry")
        self.tell({**DETAIL, "village": "Desa Lain Lagi", "applicant_phone": None})
        self.assertEqual(self.found("lain lagi"), self.one)
        self.assertFalse(self.found("suka maju"))

    def test_the_number_that_comes_later_is_found(self):
        run = self.start()
        self.upsert(run, row_of("77/2025"))
        self.upsert(run, row_of("77/2025", "811/77/BARU"))
        self.assertEqual(self.found("811 baru"), self.permit("77/2025"))

    def test_further_applicants_are_found_by_the_names_that_they_have_now(self):
        aminah = self.one.applicant_ids
        aminah.name = "Siti Zulaikha"
        self.assertEqual(self.found("zulaikha"), self.one)
        self.assertFalse(self.found("aminah"))
        aminah.unlink()
        self.assertFalse(self.found("zulaikha"))

    def test_what_changes_no_part_makes_no_text(self):
        with patch.object(search, "search_text") as made:
            self.one.write({"expiry_date": "2031-01-01", "status": "active"})
            run = self.start()
            self.upsert(run, row_of("9001", "600/1", applicant=applicant_of("Lain 1")))
        made.assert_not_called()

    # Did you mean

    def test_what_comes_near_is_offered_first(self):
        for typed in MEANT:
            with self.subTest(typed):
                self.assertFalse(self.found(typed))
                self.assertEqual(self.meant(typed)[:1], self.one.ids)

    def test_nothing_is_offered_for_what_resembles_nothing(self):
        for typed in ("qqqqwwww", "%", "", "k", "'; --", "\x00", "z" * 1000):
            with self.subTest(typed):
                self.assertEqual(self.meant(typed), [])

    def test_the_permits_are_looked_through_for_each_piece_once(self):
        counted = []
        execute = Cursor.execute

        def counting(cursor, query, *args, **kwargs):
            counted.append(str(getattr(query, "code", query)).count(" LIKE "))
            return execute(cursor, query, *args, **kwargs)

        words = "abcdefghijklmnopqrst", "tsrqponmlkjihgfedcba", "acegikmoqsuwybdfhjln"
        with patch.object(Cursor, "execute", counting):
            self.permits.with_user(self.viewer).nearest(" ".join(words))
        self.assertEqual(max(counted), MAX_PIECES)

    def test_nothing_but_a_text_is_near_to_anything(self):
        for typed in (5, False, None, ["a"], {"a": 1}):
            self.assertEqual(self.permits.nearest(typed), [])

    def test_a_long_search_is_answered(self):
        self.assertEqual(self.meant(f"{NAME} " + "uji " * 250)[:1], self.one.ids)

    def test_at_most_a_few_are_offered_and_each_says_who_it_is(self):
        self.assertEqual(len(self.meant("laim")), search.NEAREST)
        [meant] = self.permits.with_user(self.viewer).nearest("kopersi")
        self.assertEqual(meant["name"], f"{NUMBER} · {NAME} · CV. MA'RUF JAYA")

    def test_nobody_is_offered_another_office_s_permit(self):
        other = self.another_office()
        stranger = self._user(
            "stranger",
            "sicantik_connector.group_viewer",
            company_id=other.company_id.id,
            company_ids=[(6, 0, other.company_id.ids)],
        )
        self.assertEqual(self.permits.with_user(stranger).nearest("kopersi"), [])
