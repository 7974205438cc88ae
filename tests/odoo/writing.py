"""What the demo shows of WhatsApp: one message that is read, one that arrives, one to somebody who is not there, and one
that Meta refuses. Meta is a stand-in on this machine.
"""

from typing import Any

from parts import Office
from providers import answers
from providers.account import Provider
from whatsapp import Sender, messages

OUTCOMES = {"read", "delivered", "failed"}
_CHOOSE = """
import json
agreed = env["res.partner"].search([("whatsapp_consent", "=", "opted_in"), ("email", "!=", False)], order="id")
permits = env["sicantik.permit"].search([("partner_id", "in", agreed.ids), ("status", "=", "active")], order="id")
chosen = [permits.filtered(lambda permit: permit.partner_id == partner)[:1] for partner in permits.partner_id[:4]]
print(json.dumps([[permit.id, permit.partner_id.whatsapp_number or permit.partner_id.phone] for permit in chosen]))
"""
_TELL = """
config = env["sicantik.config"].search([], limit=1)
config.write({{"all_notices_email": False, "all_notices_phone": False}})
notices = env["sicantik.notice"]
for permit in env["sicantik.permit"].browse({permits}):
    told = notices._tell(permit, "status_update", "demo", facts={{"old": "draft", "new": "active"}})
    notices._send(told)
made = env["sicantik.whatsapp.message"].search([("state", "=", "queued")], order="id")
# The demo may be opened at night.
made.at_night = True
"""
_QUIET = """
env["sicantik.config"].search([], limit=1).write({{"all_notices_email": {email!r}, "all_notices_phone": {phone!r}}})
"""


def write(office: Office, meta: Provider, email: str, phone: str) -> None:
    """All of it; afterwards notices go to `email` and `phone` again."""
    sender = Sender()
    account = sender.make_account(office)
    sender.set_secrets(office, account)
    sender.approve_texts(office, meta)
    office.admin.call("sicantik.whatsapp.account", "action_check", [account["id"]])
    office.wait_until(lambda: _checked(office) == "ok", "the WhatsApp account works")
    meta.subscribe(account["callback"], account["verify_token"])
    chosen = office.odoo.shell(_CHOOSE)
    reader, absent, refused = (number for _permit, number in chosen[:3])
    meta.person(reader).reads()
    meta.person(absent).is_not_on_whatsapp()
    meta.script(answers.error(132012), to=refused)
    office.odoo.shell(_TELL.format(permits=[permit for permit, _number in chosen]))
    office.admin.call("sicantik.whatsapp.account", "action_check", [account["id"]])
    office.wait_until(lambda: {message["state"] for message in messages(office)} <= OUTCOMES, "each message has its outcome")
    office.odoo.shell(_QUIET.format(email=email, phone=phone))


def unwritten(admin: Any) -> list[str]:
    """What a visitor would miss, as sentences."""
    found = admin.call("sicantik.whatsapp.message", "search_read", [], ["state", "why", "reason"])
    wanted = [("read", False), ("failed", "not_on_whatsapp"), ("failed", "text_rejected"), ("delivered", False)]
    had = [(message["state"], message["why"]) for message in found]
    return [f"no message is {state} ({why}), only {had}" for state, why in wanted if (state, why) not in had]


def _checked(office: Office) -> str:
    return office.admin.call("sicantik.whatsapp.account", "search_read", [], ["check_state"])[0]["check_state"]
