"""Permits of one holder, and permits that follow each other."""

from ..common import SicantikCase, row_of
from .contact_case import ContactCase


class HolderCase(ContactCase):
    """An older and a newer permit; a sync may find that one renews the other."""

    def setUp(self):
        super().setUp()
        self.older, self.newer = self.permits_of(("10", "20"))
        self.mine = self.older.with_user(self.operator)

    def permits_of(self, numbers, **values):
        rows = [row_of(number, f"503/{number}", **values) for number in numbers]
        self.upsert(self.list_run, *rows)
        return [self.permit(number) for number in numbers]

    def held(self, permit, issued, expires, npwp=ContactCase.NPWP, **detail):
        dates = {"issue_date": issued, "expiry_date": expires}
        return self.found(
            permit, company_npwp=npwp, company_name="PT Contoh", **dates, **detail
        )

    def land(self, older=("2023-03-20", "2026-03-20"), newer=("2026-03-01", None)):
        self.apply(self.held(self.older, *older), self.held(self.newer, *newer))

    def proposed(self, *permits):
        return [permit.proposed_renewal_id for permit in permits]


class LineCase(SicantikCase):
    """Three permits, each of which may renew the one before, and a draft."""

    def setUp(self):
        super().setUp()
        self.run_key = self.start()
        months = ("2019-02-01", "2022-02-01", "2025-02-01")
        ends = ("2022-02-28", "2025-02-28", "2028-02-28")
        rows = [
            row_of(
                f"00{number}",
                f"503/000{number}",
                registered_month=month,
                has_expiry=True,
                expiry_date=end,
            )
            for number, (month, end) in enumerate(zip(months, ends, strict=True), 1)
        ]
        self.upsert(self.run_key, *rows, row_of("004"))
        self.first, self.second, self.third, self.draft = (
            self.permit(f"00{number}").with_user(self.operator)
            for number in range(1, 5)
        )

    def notes(self, permit):
        self.env.flush_all()
        self.cr.precommit.run()
        return " ".join(permit.message_ids.mapped(lambda m: m.body or ""))
