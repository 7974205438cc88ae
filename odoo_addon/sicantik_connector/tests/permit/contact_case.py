"""A permit whose detail names people, and the contacts that they may be."""

from itertools import count

from ..common import SicantikCase, applicant_of, fingerprint, row_of


class ContactCase(SicantikCase):
    NPWP = "01.234.567.8-901.000"

    def setUp(self):
        super().setUp()
        self.list_run = self.start()
        self.upsert(self.list_run, row_of("1", "503/1"))
        self.one = self.permit("1")
        self.run_key = self.start("expiry")
        self.changes = count()

    def partner(self, **values):
        return self.env["res.partner"].create(values)

    def bring(self, number):
        """Further permits, as one recordset in the order of their numbers."""
        rows = [row_of(f"9{n:03}", f"503/9{n:03}") for n in range(number)]
        self.upsert(self.list_run, *rows)
        return self.permits.search(
            [("registration_number", "=like", "9___")], order="registration_number"
        )

    def found(self, permit, **detail):
        """A row of ``apply_details`` that differs from any before."""
        return {
            "id": permit.id,
            "outcome": "found",
            "hash": fingerprint(detail, next(self.changes)),
            "detail": detail,
            "flags": [],
            "raw": {},
        }

    def apply(self, *rows):
        answer = self.rpc(
            "sicantik.permit", "apply_details", rows=list(rows), **self.run_key
        )
        self.assertFalse(answer["refused"])

    def detail(self, applicant_name=None, **detail):
        """A changed detail of the permit arrives; its applicant by the list, too."""
        if applicant_name:
            applicant = applicant_of(applicant_name)
            row = row_of("1", "503/1", applicant=applicant)
            self.upsert(self.list_run, row)
        self.apply(self.found(self.one, **detail))

    def assertContact(self, partner, source):
        self.assertEqual(self.one.partner_id, partner)
        self.assertEqual(self.one.partner_source, source)
        self.assertFalse(self.one.proposed_partner_id)

    def assertProposed(self, partner):
        self.assertFalse(self.one.partner_id)
        self.assertFalse(self.one.partner_source)
        self.assertEqual(self.one.proposed_partner_id, partner)

    def assertNobody(self):
        self.assertFalse(self.one.partner_id)
        self.assertFalse(self.one.partner_source)
        self.assertFalse(self.one.proposed_partner_id)
