"""Two offices, in two companies and two zones, with permits of every kind."""

from datetime import date, timedelta
from itertools import product

from ..common import SicantikCase

# It is the 10th in Jakarta still, and the 11th in Jayapura already.
NOW = "2026-03-10 15:30:00"
JAKARTA, JAYAPURA = date(2026, 3, 10), date(2026, 3, 11)
DAYS = (-400, -1, 0, 1, 7, 8, 30, 31, 92, 93, 184, 185, 365, 366, 4000, None)
STATUSES = ("draft", "active", "expired", "renewed", "cancelled")
DISTRICTS = ("Contoh Barat", "Contoh Timur", False)


class DashboardCase(SicantikCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.east = cls.another_office("Timur", tz="Asia/Jayapura")
        cls.company = cls.east.company_id
        both = (cls.config.company_id | cls.company).ids
        cls.viewer.company_ids = [(6, 0, both)]
        cls.count = 0

    @classmethod
    def type_of_office(cls, config, name):
        types = cls.env["sicantik.permit.type"]
        key = name.casefold()
        found = types.search([("config_id", "=", config.id), ("name_key", "=", key)])
        return found or types.create(
            {
                "config_id": config.id,
                "company_id": config.company_id.id,
                "name": name,
                "name_key": key,
            }
        )

    @classmethod
    def permit_in(cls, config, **values):
        """A permit of that office, made up."""
        cls.count += 1
        return cls.permits.create(
            {
                "config_id": config.id,
                "company_id": config.company_id.id,
                "identity": f"N\x1f{cls.count}\x1f{cls.count}",
                "registration_number": f"{cls.count:05}",
                "applicant_name": "PEMOHON CONTOH",
                "status": "active",
                **values,
            }
        )

    @classmethod
    def many(cls):
        """Permits of both offices, so that each pair of facts meets often."""
        mixed = enumerate(product(DAYS, STATUSES))
        for number, (days, status) in mixed:
            config, today = [(cls.config, JAKARTA), (cls.east, JAYAPURA)][number % 2]
            names = ("Izin Contoh", "Izin Lain", None)
            name = names[number % 3]
            month = date(2016 + number % 11, 1 + number % 12, 1)
            cls.permit_in(
                config,
                status=status,
                expiry_date=days is not None and today + timedelta(days=days),
                permit_type_id=name and cls.type_of_office(config, name).id,
                district=DISTRICTS[number % 4 % 3],
                registered_month=month if number % 13 else False,
                issue_date=month + timedelta(days=40) if number % 2 else False,
            )

    def dashboard(self, *companies, user=None, **filters):
        """The answer for the viewer, who chose the companies named, else both."""
        chosen = self.env["res.company"].union(*companies) or self.viewer.company_ids
        model = self.env["sicantik.dashboard"].with_user(user or self.viewer)
        return model.with_context(allowed_company_ids=chosen.ids).figures(filters)

    def found(self, figure, *companies):
        """How many permits a click on the figure lists."""
        chosen = self.env["res.company"].union(*companies) or self.viewer.company_ids
        permits = self.permits.with_user(self.viewer)
        permits = permits.with_context(allowed_company_ids=chosen.ids)
        return permits.search_count(figure["domain"])

    def every_figure(self, answer):
        """Each FIGURE of the answer, wherever it stands."""
        if isinstance(answer, dict) and "domain" in answer:
            yield answer
        elif isinstance(answer, dict):
            for part in answer.values():
                yield from self.every_figure(part)
        elif isinstance(answer, list):
            for part in answer:
                yield from self.every_figure(part)

    @staticmethod
    def counts(figures):
        """``{key: count}`` of those that count something."""
        return {fig["key"]: fig["count"] for fig in figures if fig["count"]}
