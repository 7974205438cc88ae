"""An office that writes by WhatsApp: an account in Odoo, its secrets at the worker, and a stand-in of Meta between them."""

from typing import Any

from parts import WORKER, Office
from providers.meta import Meta
from riglib import processes

TOKEN = "EAAcontohTokenAkses0123456789"  # noqa: S105 (made up)
APP_SECRET = "contoh-rahasia-aplikasi-0123456789abcdef"  # noqa: S105 (made up)
SENDER, BUSINESS = "100000000000001", "200000000000002"
_CONSENT = """
partners = env["res.partner"].search([("name", "=like", "Pemohon Contoh%")], order="id")
for at, partner in enumerate(partners):
    partner.whatsapp_number = "+6283601000%03d" % at
    partner._set_whatsapp_consent("opted_in", "counter")
"""


def open_meta() -> Meta:
    """To be entered; with the office's own secrets."""
    return Meta(token=TOKEN, app_secret=APP_SECRET, sender_id=SENDER, business_id=BUSINESS)


def point_worker_at(office: Office, meta: Meta) -> None:
    """Before the worker starts: where Meta is, and where Meta reaches the worker."""
    port = processes.free_port()
    office.worker.environment |= {
        "SICANTIK__WHATSAPP__META_URL": meta.url,
        "SICANTIK__PUBLIC__LISTEN": f"127.0.0.1:{port}",
    }


def make_account(office: Office, **values: Any) -> dict[str, Any]:
    """A manager enters the account; its id, provider, uuid and verify token, and where the provider finds its webhook."""
    vals = {
        "name": "WhatsApp kantor",
        "config_id": office.config_id,
        "sender_id": SENDER,
        "business_id": BUSINESS,
    }
    account = office.admin.call("sicantik.whatsapp.account", "create", vals | values)
    names = ["provider", "uuid", "verify_token"]
    [made] = office.admin.call("sicantik.whatsapp.account", "read", [account], names)
    # The office's TLS proxy is left out.
    listener = f"http://{office.worker.environment['SICANTIK__PUBLIC__LISTEN']}"
    return made | {"callback": f"{listener}/webhooks/whatsapp/{made['provider']}/{made['uuid']}"}


def set_secrets(office: Office, account: dict[str, Any], **secrets: str) -> None:
    """An administrator types them on the server, while the service runs or before its second start."""
    for name, value in ({"token": TOKEN, "app_secret": APP_SECRET} | secrets).items():
        command = [WORKER, "secret", "set", f"whatsapp.{account['uuid']}.{name}"]
        done = processes.attempt(command, environment=office.worker._variables(), text=value)
        assert done.returncode == 0, done.stderr


def approve_texts(office: Office, meta: Meta) -> None:
    """Meta approves every text of the office, and a manager says so in Odoo."""
    texts = office.admin.call("sicantik.whatsapp.template", "search_read", [], ["language", "body", "variables"])
    by_id = {text["id"]: text for text in texts}
    own = [("provider", "=", "meta")]
    registered = office.admin.call("sicantik.whatsapp.registration", "search_read", own, ["name", "text_id"])
    for one in registered:
        text = by_id[one["text_id"][0]]
        count = len([name for name in (text["variables"] or "").split(",") if name.strip()])
        meta.approve(one["name"], text["language"], count, text["body"])
    office.admin.call("sicantik.whatsapp.registration", "write", [one["id"] for one in registered], {"state": "approved"})


def agree(office: Office) -> None:
    """Each contact has a number and agreed at the counter."""
    office.odoo.shell(_CONSENT)


def messages(office: Office) -> list[dict[str, Any]]:
    """Where each message stands, oldest first."""
    names = ["number", "state", "why", "reason", "provider_id", "notice_id", "attempt"]
    return office.admin.call("sicantik.whatsapp.message", "search_read", [], names, order="id")


def states(office: Office) -> list[str]:
    """Of each message, oldest first."""
    return [message["state"] for message in messages(office)]
