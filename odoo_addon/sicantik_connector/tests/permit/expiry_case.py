"""Two offices in two zones with their own limits, one of them closed meanwhile."""

from datetime import date, timedelta

from ...tools import compat
from ..common import SicantikCase

# 23:30 on the 10th in Jakarta, 01:30 on the 11th in Jayapura.
HALF_PAST_ELEVEN = "2026-03-10 16:30:00"
TODAY = date(2026, 3, 10)
STATES = ("expired", "critical", "warning", "ok", "unknown")


class ExpiryCase(SicantikCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.config.write({"critical_days": 3, "warning_days": 10})
        cls.east = cls.another_office(
            "Timur", tz="Asia/Jayapura", critical_days=30, warning_days=60, active=False
        )
        cls.domain = [("config_id", "in", (cls.config | cls.east).ids)]

    def bring(self, config, *days, **values):
        """Permits whose dates are so many days after the 10th; ``None``: no date."""
        dates = [left is not None and TODAY + timedelta(days=left) for left in days]
        return self.permits.create(
            [
                {
                    "config_id": config.id,
                    "company_id": config.company_id.id,
                    "identity": f"N\x1f{config.id}\x1f{number}\x1f{date}",
                    "registration_number": str(number),
                    "permit_number": f"503/{config.id}/{number}",
                    "expiry_date": date,
                    "status": "active",
                    **values,
                }
                for number, date in enumerate(dates)
            ]
        )

    def columns(self, name, domain=None):
        """``[(value, count, domain)]``: the columns of a kanban grouped by ``name``."""
        domain = self.domain if domain is None else domain
        permits = self.permits.with_context(read_group_expand=True)
        if compat.IS_19:
            answer = permits.web_read_group(domain, [name], ["__count"])
            return [
                (group[name], group["__count"], domain + list(group["__extra_domain"]))
                for group in answer["groups"]
            ]
        answer = permits.web_read_group(domain, [name], [name])
        return [
            (group[name], group[f"{name}_count"], group["__domain"])
            for group in answer["groups"]
        ]

    def bars(self, group_by, domain=None):
        """``{column: {state: count}}`` of the progress bars."""
        bar = {"field": "expiry_state", "colors": dict.fromkeys(STATES, "info")}
        domain = self.domain if domain is None else domain
        return self.permits.read_progress_bar(domain, group_by, bar)
