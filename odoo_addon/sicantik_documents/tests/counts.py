"""Documents for the connector's tests: what buttons count, what changes company."""

from odoo.addons.sicantik_connector.tests.config import test_company
from odoo.addons.sicantik_connector.tests.counts_case import FILLS


def documents(case):
    for config, permits in case.permits_of.items():
        made = [
            case.env["sicantik.document"].create(
                {"name": "Surat Izin", "permit_id": permit.id}
            )
            for permit in permits[:2]
        ]
        case.env["sicantik.document.upload"].create(
            {
                "document_id": made[0].id,
                "uuid": f"waits {config.id}",
                "number": 1,
                "stage": "original",
                "size": 9,
                "sha256": "0" * 64,
                "reason": "away",
                "sealed": b"x",
            }
        )


def pages_of_storage(case):
    """Whoever opened the page has one of their own."""
    for user in (case.of_both, case.of_one):
        own = case.env["sicantik.document.storage"].with_user(user)
        own.create({"config_id": case.config.id})


def file_of_the_inbox(case):
    config = case.config
    case.env["sicantik.document.arrival"].create(
        {
            "key": "of the office",
            "name": "pindai.pdf",
            "config_id": config.id,
            "company_id": config.company_id.id,
        }
    )


FILLS += [documents, pages_of_storage]
test_company.FILLS.append(file_of_the_inbox)
