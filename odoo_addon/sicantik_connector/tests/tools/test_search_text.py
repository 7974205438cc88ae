from itertools import combinations

from odoo.tests import BaseCase, tagged

from ...tools.search_text import (
    MAX_PIECES,
    MAX_TEXTS,
    NAMES,
    NPWP,
    NUMBERS,
    PARTS,
    PHONES,
    near_words,
    pieces_of,
    readings,
    search_text,
)

# What stands in a field, oddly written, by the fields that it may stand in.
ODD = (
    (NUMBERS, "No. 503.04/0258/CTH/DPM-PTSP/2024"),
    (NUMBERS, "503 / 0258_CTH - 2024 (2)"),
    (NAMES, "KEC. CONTOH, Désa «Suka Maju» 2"),
    (NAMES, "Bpk. H. Budi Ma'ruf, S.H. & Rekan d/a 24 Jam"),
    (NAMES, "PT._UJI--JAYA;CV"),
    (PHONES, "081234567890 a.n. Budi"),
    (PHONES, "(021) 5551234 ext 3"),
    (PHONES, "0812_3456_7890"),
    (PHONES, "[0812] 34567890*"),
    (PHONES, "0812*3456*7890"),
    (PHONES, "081211112222 081233334444"),
    (PHONES, "WA.081234567890/hp:0812-3333-4444"),
    (PHONES, "https://wa.me/6281234567890?text=halo"),
    (PHONES, "81234567890.0"),
    (PHONES, "tel:+62-812-3456-7890;ext=2"),
    (PHONES, "tidak ada"),
    ([NPWP], "0012345678901000000000"),
    ([NPWP], "0012345678901000 000000"),
    ([NPWP], "01.234.567.8-901.000-000000"),
    ([NPWP], "NPWP: 01.234.567.8-901.000 (pusat)"),
    ([NPWP], "NIK 1202 1234 5678 0001"),
    ([NPWP], "belum ada 01.234"),
)
# What people type, by what stands in the field.
TYPED = (
    (NPWP, "0012345678901000000000", (
        "0012345678901000", "012345678901000", "01.234.567.8-901.000",
        "01.234.567.8-901.000-000000", "0012345678901000 000000",
    )),
    (NPWP, "01.234.567.8-901.000", (
        "NPWP 01.234.567.8-901.000", "NPWP: 01.234.567.8-901.000",
        "NPWP0012345678901000", "0012345678901000000000", "0012345678901000 000000",
        "01.234.567.8-901.000-000000", "No. NPWP : 01 234 567 8 901 000",
    )),
    (NPWP, "1202123456780001", ("NIK 1202123456780001", "nik: 1202 1234 5678 0001")),
    ("permit_number", "503/0001/XYZ/2026", (
        "No. 503/0001/XYZ/2026", "no.503/0001/XYZ", "nomor 503/0001/XYZ/2026",
        "Nomor Izin : 503/0001/XYZ/2026",
    )),
    ("applicant_phone", "0812_3456_7890", ("081234567890", "+62 812 3456 7890")),
    ("applicant_phone", "[0812] 34567890", ("081234567890", "62 81234567890")),
    ("applicant_phone", "081211112222 081233334444", (
        "6281211112222", "62 812 1111 2222", "+62 812 3333 4444",
        "+62 812 1111 2222, +62 812 3333 4444", "0812-1111-2222 / 0812-3333-4444",
    )),
    ("applicant_phone", "081234567890", (
        "https://wa.me/6281234567890", "wa.me/6281234567890?text=halo",
        "https://api.whatsapp.com/send?phone=6281234567890", "tel:+62-812-3456-7890",
        "tel:081234567890", "hp081234567890", "hp+6281234567890", "WA.081234567890",
        "No. HP: 0812 3456 7890", "0812 3456 7890 (WA)", "Ibu 0812.3456.7890",
    )),
    ("district", "Kabanjahe", (
        "Kec. Kabanjahe", "kec.kabanjahe", "KECAMATAN KABANJAHE",
    )),
    ("district", "KEC. KABANJAHE", ("kecamatan kabanjahe", "Kabanjahe")),
    ("village", "Gung Leto", (
        "Desa Gung Leto", "kelurahan gung leto", "Desa/Kelurahan: Gung Leto",
    )),
    ("applicant_name", "BUDI SANTOSO", (
        "Bpk. Budi Santoso", "Bapak/Ibu Budi Santoso", "a.n. Budi Santoso", "H. Budi",
    )),
)  # fmt: skip
LONG = (
    "ab/" * 330,
    "/".join(map("".join, combinations("abcdefghijklmnopqrstuvw", 2)))[:1000],
    " ".join(map("".join, combinations("abcdefghijklmnopqrstuvw", 2)))[:1000],
    " ".join(f"{one}/{one + 1}" for one in range(10, 99)),
    " ".join(map(str, range(100, 999))),
    " ".join(f"{letter * 20}xyz{letter * 17}" for letter in "abcdefghijklmnopq"),
)


def level(text, typed):
    """The place of the first reading of ``typed`` that holds of ``text``."""
    for place, terms in enumerate(readings(typed)):
        found = [
            any(all(one in text for one in texts) for texts in term) for term in terms
        ]
        if found and all(found):
            return place
    return None


@tagged("post_install", "-at_install", "sicantik")
class TestSearchText(BaseCase):
    """What a permit is found by, and what is asked of the database for it."""

    def test_whatever_stands_in_a_field_is_found_by_each_part_of_it(self):
        self.assertEqual(PARTS, {name for names, _value in ODD for name in names})
        for names, value in ODD:
            [text] = {search_text({name: value}) for name in names}
            for start, end in combinations(range(len(value) + 1), 2):
                part = value[start:end]
                if any(char.isalnum() for char in part):
                    self.assertEqual(level(text, part), 0, (value, part))

    def test_further_applicants_are_found_by_each_part_of_their_name(self):
        text = search_text({}, ["Siti. Nur_Aminah, S.E."])
        for typed in ("Siti. Nur_Aminah, S.E.", "Nur_Aminah", "nur aminah", "s.e."):
            self.assertEqual(level(text, typed), 0, typed)

    def test_what_people_write_before_and_around_it_is_no_hindrance(self):
        for name, value, every in TYPED:
            for typed in every:
                text = search_text({name: value})
                self.assertIsNotNone(level(text, typed), (value, typed))

    def test_another_number_is_not_found(self):
        text = search_text(
            {
                "applicant_phone": "081234567890",
                NPWP: "01.234.567.8-901.000",
                "permit_number": "503/0001/XYZ/2026",
            }
        )
        for typed in (
            "https://wa.me/6281234567891",
            "hp081234567891",
            "+62 812 3456 7891",
            "NPWP 01.234.567.8-901.001",
            "No. 503/0002/XYZ/2026",
        ):
            self.assertIsNone(level(text, typed), typed)

    def test_labels_count_where_they_stand_in_the_text(self):
        """So that what fits exactly is not lost among the rest."""
        self.assertEqual(level(search_text({"village": "Desa Baru"}), "desa baru"), 0)
        self.assertEqual(level(search_text({"village": "Baru"}), "desa baru"), 1)
        for label in ("desa", "Kec.", "No"):
            self.assertIsNone(level(search_text({"village": "Baru"}), label))

    def test_a_search_asks_for_a_bounded_number_of_texts(self):
        for typed in LONG:
            for terms in readings(typed):
                asked = [text for term in terms for texts in term for text in texts]
                self.assertLessEqual(len(asked), MAX_TEXTS, typed[:40])
                self.assertTrue(asked)

    def test_the_same_part_is_asked_for_once(self):
        [_whole], [parts] = readings("ab/" * 330)[-1][0]
        self.assertEqual(parts, "ab")

    def test_did_you_mean_asks_for_a_bounded_number_of_pieces(self):
        for typed in LONG:
            pieces = pieces_of(near_words(typed))
            self.assertLessEqual(sum(map(len, pieces)), MAX_PIECES, typed[:40])

    def test_the_pieces_are_spread_over_all_words_and_over_each(self):
        words = near_words("PEMBANGUNAN MENARA TELEKOMUNIKASI SUMATERA UTARA KABUPATEN")
        pieces = pieces_of(words)
        self.assertEqual(sum(map(len, pieces)), MAX_PIECES)
        for word, some in zip(words, pieces, strict=True):
            self.assertGreaterEqual(len(some), 5, word)
            self.assertTrue(some[0].startswith(" "), word)
            self.assertIn(some[-1][:2], f" {word} "[-6:], word)

    def test_few_letters_are_looked_for_in_all_their_pieces(self):
        self.assertEqual(
            pieces_of(["uji", "utara"]),
            [[" uj", "uji", "ji "], [" ut", "uta", "tar", "ara", "ra "]],
        )
