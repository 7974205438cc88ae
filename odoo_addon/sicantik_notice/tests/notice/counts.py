"""What the stat buttons of notices count, for the test of all stat buttons."""

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
