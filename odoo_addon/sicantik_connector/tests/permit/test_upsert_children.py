from odoo.tests import tagged

from ..common import SicantikCase, applicant_of, row_of, type_of


@tagged("post_install", "-at_install", "sicantik")
class TestUpsertChildren(SicantikCase):
    def setUp(self):
        super().setUp()
        self.run_key = self.start()

    def send(self, applicants, types=("A",), complete=True):
        """The answer to one row with these names, the row's own one first."""
        applicants = [applicant_of(name) for name in applicants]
        types = [type_of(name) for name in types]
        row = row_of(
            "1",
            "503/1",
            applicant=applicants[0] if applicants else None,
            further_applicants=applicants[1:],
            permit_type=types[0],
            further_types=types[1:],
            complete=complete,
        )
        return self.upsert(self.run_key, row)

    def assertPeople(self, main, *further):
        permit = self.permit("1")
        self.assertEqual(permit.applicant_name, main)
        self.assertEqual(sorted(permit.applicant_ids.mapped("name")), sorted(further))

    def assertTypes(self, main, *further):
        permit = self.permit("1")
        self.assertEqual(permit.permit_type_id.name, main)
        names = permit.further_type_ids.mapped("name")
        self.assertEqual(sorted(names), sorted(further))

    def test_the_first_stored_one_stays_the_main_one(self):
        self.send(["Ani", "Budi"], ["A", "B"])
        self.assertCounts(self.send(["Budi", "Ani"], ["B", "A"]), unchanged=1)
        self.assertPeople("Ani", "Budi")
        self.assertTypes("A", "B")

    def test_new_ones_are_added(self):
        self.send(["Ani"])
        answer = self.send(["Budi"], ["B"], complete=False)
        self.assertCounts(answer, updated=1)
        self.assertPeople("Ani", "Budi")
        self.assertTypes("A", "B")
        self.assertCounts(self.send(["Budi"], ["B"], complete=False), unchanged=1)

    def test_only_a_complete_row_removes(self):
        self.send(["Ani", "Budi", "Citra"], ["A", "B", "C"])
        self.assertCounts(self.send(["Ani"], ["A"], complete=False), unchanged=1)
        self.assertCounts(self.send(["Ani", "Citra"], ["A", "C"]), updated=1)
        self.assertPeople("Ani", "Citra")
        self.assertTypes("A", "C")
        self.assertCounts(self.send(["Ani"], ["A"]), updated=1)
        self.assertPeople("Ani")
        self.assertTypes("A")

    def test_the_row_s_own_one_replaces_a_main_one_that_is_gone(self):
        self.send(["Ani", "Budi"], ["A", "B"])
        self.assertCounts(self.send(["Budi", "Citra"], ["B", "C"]), updated=1)
        self.assertPeople("Budi", "Citra")
        self.assertTypes("B", "C")

    def test_a_complete_row_without_an_applicant_empties_it(self):
        self.send(["Ani"])
        self.send([], complete=False)
        self.assertPeople("Ani")
        self.send([])
        self.assertPeople(False)
        self.send(["Budi"], complete=False)
        self.assertPeople("Budi")

    def test_keys_are_compared_not_spellings(self):
        self.send(["Ani"], ["A"])
        self.assertCounts(self.send(["ANI"], ["a"]), unchanged=1)
        self.assertPeople("Ani")
        self.assertTypes("A")

    def test_unknown_types_are_made_once(self):
        rows = [
            row_of(str(n), f"503/{n}", permit_type=type_of("Izin Baru"))
            for n in range(3)
        ]
        self.assertCounts(self.upsert(self.run_key, *rows), created=3)
        new = self.env["sicantik.permit.type"].search([("name", "=", "Izin Baru")])
        self.assertEqual(len(new), 1)
        self.assertFalse(new.code)
        self.assertEqual(new.permit_count, 3)
