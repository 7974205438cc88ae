"""Notices for the connector's tests: what stat buttons count, what changes company."""

from odoo.addons.sicantik_connector.tests.config import test_company
from odoo.addons.sicantik_connector.tests.counts_case import FILLS


def notices(case):
    """A permit has one notice more than the other; of each one more was skipped."""
    records = case.env["sicantik.notice"]
    records.create(
        [
            {
                "config_id": config.id,
                "company_id": config.company_id.id,
                "kind": "permit_expiring",
                **records._about(permit),
                "partner_id": permit.partner_id.id,
                "recipient_key": f"partner:{permit.partner_id.id}",
                "event": "2026-03-12",
                "step": step,
                "state": state,
                "date_due": "2026-03-10 03:00:00",
            }
            for config, permits in case.permits_of.items()
            for permit, steps in zip(permits[:2], ((90, 30, 7), (90, 7)), strict=True)
            for step, state in zip(steps, ("skipped", "due", "sent"), strict=False)
        ]
    )


FILLS.append(notices)


def of_the_office(case):
    """A notice to a person of the office, which needs no permit."""
    case.config.go_live_date = "2025-01-01"
    told = case.env["sicantik.notice"]._tell_people(
        case.config, "status_update", "x", case.manager
    )
    case.assertFalse(told.permit_id)


test_company.FILLS.append(of_the_office)
