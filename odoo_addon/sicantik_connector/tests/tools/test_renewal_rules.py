from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ...tools import renewals
from ...tools.renewals import Side, likely_renewals, plain, renewed_names

DAY = date(2026, 3, 20)
HOLDER = ("kind", "npwp", "x")
# Of one holder, on one day.
MANY = 2000


def side(number, begins, ends=None, facts=("",), address="", refused=()):
    """A permit of the holder; begin and end in days from DAY."""
    begin = DAY + timedelta(days=begins)
    end = ends is not None and DAY + timedelta(days=ends)
    dates = (begin, False, False)
    return Side(number, {HOLDER: facts}, address, dates, end, frozenset(refused))


@tagged("post_install", "-at_install", "sicantik")
class TestRenewalRules(BaseCase):
    """What names, dates, people and places say about renewals."""

    def test_a_name_without_its_word_for_a_renewal(self):
        for name in (
            "PERPANJANGAN IZIN OPTIK",
            "Perpanjangan\t Izin\u00a0 Optik ",
            "DAFTAR ULANG IZIN OPTIK",
            "Pendaftaran Ulang - Izin Optik",
            "IZIN OPTIK (PERPANJANGAN)",
            "IZIN PERPANJANGAN OPTIK",
            "PERPANJANGAN PERPANJANGAN IZIN OPTIK",
            "PERPANJANGAN DAFTAR ULANG IZIN OPTIK",
        ):
            self.assertEqual(renewed_names(name)[0], "IZIN OPTIK", name)
        self.assertIn("IZIN OPTIK", renewed_names("PERPANJANGAN OPTIK"))
        self.assertIn("OPTIK", renewed_names("PERPANJANGAN IZIN OPTIK"))
        twice = renewed_names("PERPANJANGAN PERPANJANGAN IZIN OPTIK")
        self.assertEqual(twice[-1], "PERPANJANGAN IZIN OPTIK")

    def test_a_name_that_says_nothing_of_a_renewal(self):
        for name in ("IZIN OPTIK", "PERPANJANGAN", "- PERPANJANGAN -", "", False, "0"):
            self.assertEqual(renewed_names(name), [], name)

    def test_marks_and_blanks_do_not_make_another_name(self):
        self.assertEqual(plain(" pt.  Contoh—Satu "), plain("PT CONTOH SATU"))
        for nothing in ("-", "0", "0.00", None, False, " "):
            self.assertEqual(plain(nothing), "", nothing)

    def test_the_pair_with_the_smallest_gap_comes_first(self):
        """Whether the newer one begins before or after the end."""
        early, late = side(1, -900, 0), side(2, -900, 150)
        self.assertEqual(likely_renewals([early, late], [side(9, 5)]), {1: 9})
        self.assertEqual(likely_renewals([early, late], [side(9, 140)]), {2: 9})

    def test_a_second_permit_at_once_is_no_renewal(self):
        self.assertEqual(likely_renewals([side(1, -900, 0)], [side(9, -366)]), {})
        self.assertEqual(likely_renewals([side(1, -900, 0)], [side(9, -365)]), {1: 9})

    def test_what_is_refused_keeps_nothing_from_another(self):
        older = side(1, -900, 0, refused={9})
        self.assertEqual(likely_renewals([older], [side(9, -5), side(8, -40)]), {1: 8})

    def test_what_is_not_known_contradicts_nothing(self):
        here, there, nowhere = ("A", "DESA"), ("A", "KOTA"), ("A", "")
        older = side(1, -900, 0, here)
        for facts, found in ((here, {1: 9}), (nowhere, {1: 9}), (there, {})):
            newer = side(9, -5, facts=facts)
            self.assertEqual(likely_renewals([older], [newer]), found, facts)

    def test_who_agrees_in_more_comes_first(self):
        older = side(1, -900, 0, ("A", "DESA"), "JALAN 1")
        near, same = side(8, -1, facts=("A", "")), side(9, -90, facts=("A", "DESA"))
        self.assertEqual(likely_renewals([older], [near, same]), {1: 9})
        near = side(8, -1, facts=("A", "DESA"), address="JALAN 2")
        same = side(9, -90, facts=("A", "DESA"), address="JALAN 1")
        self.assertEqual(likely_renewals([older], [near, same]), {1: 9})

    def looks(self, older, newer):
        """How often two permits are compared, and how many pairs are found."""
        with patch.object(renewals, "fits", side_effect=renewals.fits) as fits:
            found = likely_renewals(older, newer)
        return fits.call_count, len(found)

    def test_many_permits_of_one_holder_are_not_compared_each_with_each(self):
        """Ten comparisons a permit, where each with each would be two thousand."""
        alike = [side(n, -900, 30) for n in range(MANY)]
        looks, found = self.looks(alike, alike)
        self.assertEqual(found, 0)
        self.assertLess(looks, 10 * MANY)
        after = [side(MANY + n, 1) for n in range(MANY)]
        looks, found = self.looks(alike, after)
        self.assertEqual(found, MANY)
        self.assertLess(looks, 10 * MANY)
        spread = [side(n, -900 + n % 700, n % 180) for n in range(MANY)]
        nurses = [side(n, -900, 30, facts=(str(n),)) for n in range(MANY)]
        for some in (spread, nurses):
            looks, _found = self.looks(some, [*some, *after])
            self.assertLess(looks, 10 * 2 * MANY)
