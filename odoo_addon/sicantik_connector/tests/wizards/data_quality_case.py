from ..common import SicantikCase, row_of


class DataQualityCase(SicantikCase):
    """Seven permits of which each lacks something else, and a neighbour's three."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.another_office()
        cls.company = cls.other.company_id
        cls.operator.company_ids |= cls.company

    def setUp(self):
        super().setUp()
        expired = {"has_expiry": True, "expiry_date": "2020-01-01"}
        valid = {"has_expiry": True, "expiry_date": "2090-01-01"}
        rows = [
            row_of("1", "503/1", **expired),
            row_of("2", "503/2", flags=["date_unreadable", "type_missing"]),
            row_of("3", "503/3", flags=["type_missing"], permit_type=None),
            row_of("4", "503/4", flags=["new_flag"], applicant=None),
            row_of("5", "503/1", **valid),
            row_of("6", "503/6", **valid),
            row_of("7", flags=["number_missing"]),
        ]
        for config in (self.config, self.other):
            run = self.start(config=config)
            self.upsert(run, *rows[: 7 if config == self.config else 3])
            self.finish(run)
        run = self.start("expiry")
        phone = {"applicant_phone": "0800-000", "whatsapp_number": "+62800000"}
        answers = [
            {"id": self.permit("2").id, "outcome": "no_data"},
            {
                "id": self.permit("3").id,
                "outcome": "found",
                "hash": "b" * 32,
                "detail": phone,
            },
        ]
        self.rpc("sicantik.permit", "apply_details", rows=answers, **run)
        self.finish(run)
        self.permit("6").with_user(self.operator).write(
            {"status": "cancelled", "cancel_reason": "Salah cetak"}
        )
        self.permit("4").sudo().missing_since = "2026-01-01 00:00:00"

    def report(self, config=None):
        wizards = self.env["sicantik.data.quality"].with_user(self.operator)
        self.env.flush_all()
        companies = (self.config.company_id | self.company).ids
        wizards = wizards.with_context(allowed_company_ids=companies)
        return wizards.new({"config_id": (config or self.config).id}).report

    def lines(self, code, config=None):
        """``{line code: count}`` of a section."""
        for section in self.report(config)["sections"]:
            if section["code"] == code:
                return {line["code"]: line["count"] for line in section["lines"]}
        return {}
