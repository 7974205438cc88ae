"""Messages for the connector's tests: what stat buttons count, what changes company."""

from odoo.addons.sicantik_connector.tests.config import test_company
from odoo.addons.sicantik_connector.tests.counts_case import FILLS


def message_of(env, config, name="WhatsApp"):
    """A test by an account of its own."""
    account = env["sicantik.whatsapp.account"].create(
        {"name": name, "config_id": config.id, "sender_id": "100200300"}
    )
    text = env.ref("sicantik_whatsapp.whatsapp_template_test_id")
    return env["sicantik.whatsapp.message"]._make(
        account, text, "+6283601000123", ["x"], content=(name,), is_test=True
    )


def messages(case):
    for config, permits in case.permits_of.items():
        message = message_of(case.env, config)
        notices = case.env["sicantik.notice"]
        message.notice_id = notices.create(
            {
                "config_id": config.id,
                "company_id": config.company_id.id,
                "kind": "office_contact",
                **notices._about(permits[0]),
                "event": "counted",
                "recipient_key": "office",
                "date_due": "2026-01-01 00:00:00",
            }
        )


def of_the_office(case):
    message_of(case.env, case.config)


FILLS.append(messages)
test_company.FILLS.append(of_the_office)
