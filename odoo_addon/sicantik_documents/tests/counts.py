"""Documents for the connector's tests of what stat buttons count."""

from odoo.addons.sicantik_connector.tests.counts_case import FILLS


def documents(case):
    for permits in case.permits_of.values():
        for permit in permits[:2]:
            case.env["sicantik.document"].create(
                {"name": "Surat Izin", "permit_id": permit.id}
            )


FILLS.append(documents)
