"""What people of an office do once SICANTIK's permits have come, for the demo: contacts, answers about WhatsApp, renewals,
notices in each state. Nothing of it reaches anybody: *All Notices To* is set, and Odoo's mail queue rests.
"""

import re
from typing import Any

import phonenumbers
from parts import Office
from phonenumbers import carrier
from riglib.rpc import Session

EMAIL, PHONE = "kantor@example.com", "+628360100000"
"""Where every notice goes."""
BLOCK = re.compile(r"\+628360100[0-9]{4}")
"""The made-up mobile numbers (docs/operations.md)."""
MONTHS = 12
_CONTACTS = 45
_UNDECIDED = 3
"""Pairs of types that stay for the visitor to decide."""
_LIVE_MONTHS = 13
ANSWERS = [
    ("opted_in", "counter", "Formulir bertanda tangan di arsip loket"),
    ("opted_in", "form", "Formulir permohonan, halaman 2"),
    ("opted_out", "message", "Dijawab TIDAK"),
]
_SETTLE = """
from dateutil.relativedelta import relativedelta
config = env["sicantik.config"].search([], limit=1)
company = config.company_id
company.write({{"email": {email!r}, "phone": {phone!r}, "sicantik_office_name": "DPMPTSP Kabupaten Contoh"}})
if "iap_enrich_auto_done" in company:
    company.iap_enrich_auto_done = True  # else Odoo looks the company's domain up in the internet
env.ref("mail.ir_cron_mail_scheduler_action").active = False
config.write({{
    "all_notices_email": {email!r}, "all_notices_phone": {phone!r},
    "go_live_date": config._today() - relativedelta(months={months}),
}})
"""
_TELL = """
from datetime import timedelta
from odoo import fields
config = env["sicantik.config"].search([], limit=1)
user = config.user_id
notices = env["sicantik.notice"]
notices._find_expiring(config)
due = notices.search([("state", "=", "due")], order="id")
waiting, given_up = due[-6:-1], due[-1:]
waiting.date_due = fields.Datetime.now() + timedelta(days=1)
given_up.with_user(user).action_cancel()
notices._send(due - waiting - given_up)
now = fields.Datetime.now()
mailed = notices.search([("state", "=", "sent"), ("channel", "=", "email")], order="id")
for notice, state in zip(mailed, ("delivered", "read", "unknown", "failed", "delivered", "read")):
    notice._note_outcome(state, now, code=state == "failed" and "mail")
calls = notices.search([("state", "=", "sent"), ("channel", "=", "activity")], order="id")
for notice in calls[:2]:
    notice.with_user(user)._called("Sudah ditelepon; pemohon akan datang ke loket.")
config._tell_of_failures()
"""
_ACTION = """
UPDATE ir_cron SET active = {active}
 WHERE id = (SELECT res_id FROM ir_model_data WHERE module = 'sicantik_notice' AND name = 'cron_notices')
"""


def live(office: Office) -> None:
    """All of it. Permits keep what SICANTIK says of them."""
    # The office's own action would send at the same time as the story does; one that runs ends first.
    office.odoo.sql(_ACTION.format(active="false"))
    office.odoo.shell(_SETTLE.format(email=EMAIL, phone=PHONE, months=_LIVE_MONTHS))
    partners = _contacts(office.admin)
    _answers(office.admin, partners)
    _renewals(office.admin)
    _cancel_one(office.admin)
    office.odoo.shell(_TELL)
    office.odoo.sql(_ACTION.format(active="true"))


def _contacts(admin: Session) -> list[int]:
    """Contacts of the applicants whose permits end first; two of three have an e-mail address."""
    fields = ["applicant_name", "whatsapp_number"]
    domain = [("status", "=", "active"), ("expiry_date", "!=", False), ("whatsapp_number", "!=", False)]
    permits = admin.call("sicantik.permit", "search_read", domain, fields, order="expiry_date, id", limit=_CONTACTS)
    people = {permit["whatsapp_number"]: permit["applicant_name"] for permit in permits if permit["applicant_name"]}
    made = [
        {"name": name, "phone": number, "email": bool(nth % 3) and f"pemohon{nth}@example.com"}
        for nth, (number, name) in enumerate(people.items())
    ]
    partners = admin.call("res.partner", "create", made)
    everyone = admin.call("sicantik.permit", "search", [("whatsapp_number", "in", list(people))])
    admin.call("sicantik.permit", "action_find_contacts", everyone)
    return partners


def _answers(admin: Session, partners: list[int]) -> None:
    """Some were asked about WhatsApp; a remark says where the answer is kept."""
    for nth, partner in enumerate(partners):
        if nth % (len(ANSWERS) + 1) < len(ANSWERS):
            consent, source, note = ANSWERS[nth % (len(ANSWERS) + 1)]
            vals = {"partner_id": partner, "consent": consent, "source": source, "note": note}
            wizard = admin.call("sicantik.whatsapp.consent", "create", vals)
            admin.call("sicantik.whatsapp.consent", "action_save", [wizard])


def _renewals(admin: Session) -> None:
    """Types named as renewals count as the others, but for a few; of what is proposed then one renewal is accepted."""
    pairs = admin.call("sicantik.permit.type", "search", [("has_likely_renews", "=", True)], order="name, id")
    admin.call("sicantik.permit.type", "action_count_as_renewed", pairs[:-_UNDECIDED])
    proposed = admin.call("sicantik.permit", "search", [("proposed_renewal_id", "!=", False)], order="id", limit=1)
    admin.call("sicantik.permit", "action_accept_renewal", proposed)


def _cancel_one(admin: Session) -> None:
    """One permit with a contact is revoked, of which its applicant is told."""
    domain = [("status", "=", "active"), ("partner_id", "!=", False), ("proposed_renewal_id", "=", False)]
    permits = admin.call("sicantik.permit", "search", domain, order="expiry_date desc, id", limit=1)
    vals = {"permit_ids": [(6, 0, permits)], "ending": "revoked", "reason": "Dicabut atas permintaan pemohon."}
    admin.call("sicantik.permit.cancel", "action_confirm", [admin.call("sicantik.permit.cancel", "create", vals)])


def lifeless(admin: Session) -> list[str]:
    """What a visitor would miss, as sentences."""

    def counted(model: str, *domain: tuple[str, str, Any]) -> int:
        return admin.call(model, "search_count", list(domain))

    states: Any = admin.call("sicantik.notice", "fields_get", ["state"])["state"]["selection"]
    wanted = {
        **{f"a notice that is {state}": counted("sicantik.notice", ("state", "=", state)) for state, _label in states},
        "a notice to be told by telephone": counted("sicantik.notice", ("state", "=", "sent"), ("channel", "=", "activity")),
        "a notice that was told by telephone": counted("sicantik.notice", ("reason_code", "=", "called")),
        "a proposed renewal": counted("sicantik.permit", ("proposed_renewal_id", "!=", False)),
        "an accepted renewal": counted("sicantik.permit", ("status", "=", "renewed")),
        "a cancelled permit": counted("sicantik.permit", ("status", "=", "cancelled")),
        "a pair of types to decide": counted("sicantik.permit.type", ("has_likely_renews", "=", True)),
        "a pair of types that is decided": counted("sicantik.permit.type", ("renews_type_id", "!=", False)),
        "a contact that agreed to WhatsApp": counted("res.partner", ("whatsapp_consent", "=", "opted_in")),
        "a contact that refused WhatsApp": counted("res.partner", ("whatsapp_consent", "=", "opted_out")),
    }
    found = [f"there is nowhere {what}" for what, count in wanted.items() if not count]
    return found + [f"no permit {what}" for what in empty_months(admin)] + strange_numbers(admin)


def empty_months(admin: Session) -> list[str]:
    """Of the twelve up to the newest registration those in which nothing was registered, of the next ones those in which
    nothing ends."""
    permits = admin.call("sicantik.permit", "search_read", [], ["registered_month", "expiry_date"])
    registered, ends = ({str(permit[name])[:7] for permit in permits} for name in ("registered_month", "expiry_date"))
    year, month = map(int, max(registered - {"False"}).split("-"))
    newest = year * MONTHS + month - 1
    empty = [f"was registered in {month}" for month in _months(newest - MONTHS + 1) if month not in registered]
    return empty + [f"ends in {month}" for month in _months(newest + 1) if month not in ends]


def _months(first: int) -> list[str]:
    """Twelve, as 2026-05; `first` is counted from the year 0."""
    return [f"{month // MONTHS}-{month % MONTHS + 1:02}" for month in range(first, first + MONTHS)]


def strange_numbers(admin: Session) -> list[str]:
    """Numbers to write to that lie outside of the made-up block."""
    found = []
    for model in ("sicantik.permit", "res.partner"):
        rows = admin.call(model, "search_read", [("whatsapp_number", "!=", False)], ["whatsapp_number"])
        found += [f"{row['whatsapp_number']} lies outside of the block" for row in rows if not _is_ours(row["whatsapp_number"])]
    return sorted(set(found))


def _is_ours(number: str) -> bool:
    """Whether a number is a valid mobile one of the made-up block, which no provider has."""
    read = phonenumbers.parse(number)
    mobile = phonenumbers.is_valid_number(read) and phonenumbers.number_type(read) == phonenumbers.PhoneNumberType.MOBILE
    return bool(BLOCK.fullmatch(number)) and mobile and not carrier.name_for_number(read, "en")
