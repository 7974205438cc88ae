"""An office that writes by WhatsApp: accounts in Odoo, their secrets at the worker, and stand-ins of providers between them."""

from typing import Any

from parts import WORKER, Office
from providers import office as made_up
from providers.account import Provider
from riglib import processes

_CONSENT = """
partners = env["res.partner"].search([("name", "=like", "Pemohon Contoh%")], order="id")
for at, partner in enumerate(partners):
    partner.whatsapp_number = "+6283601000%03d" % at
    partner._set_whatsapp_consent("opted_in", "counter")
"""
# The worker's settings that say where a provider is.
_PLACES = {
    "meta": ("META_URL",),
    "twilio": ("TWILIO_URL", "TWILIO_CONTENT_URL"),
    "bird": ("BIRD_URL",),
    "vonage": ("VONAGE_URL",),
}


class Sender:
    """The made-up office at a provider, with the secrets that it has there."""

    def __init__(self, provider: str = "meta") -> None:
        self.provider = provider
        self.secrets = made_up.secrets(provider)

    def open(self) -> Provider:
        """The provider, to be entered."""
        return made_up.open_at(self.provider, **self.secrets)

    def point_worker_at(self, office: Office, provider: Provider) -> None:
        """Before the worker starts: where the provider is, and where it reaches the worker."""
        environment = office.worker.environment
        listen = environment.setdefault("SICANTIK__PUBLIC__LISTEN", f"127.0.0.1:{processes.free_port()}")
        # The office's TLS proxy is left out.
        environment["SICANTIK__PUBLIC__ADDRESS"] = f"http://{listen}"
        environment |= {f"SICANTIK__WHATSAPP__{place}": provider.url for place in _PLACES[self.provider]}

    def make_account(self, office: Office, **values: Any) -> dict[str, Any]:
        """A manager enters the account; its id, provider, uuid and verify token, and where the provider finds its webhook."""
        vals = {"name": f"WhatsApp {self.provider}", "config_id": office.config_id, "provider": self.provider}
        vals |= made_up.ids(self.provider)
        account = office.admin.call("sicantik.whatsapp.account", "create", vals | values)
        names = ["provider", "uuid", "verify_token"]
        [made] = office.admin.call("sicantik.whatsapp.account", "read", [account], names)
        address = office.worker.environment["SICANTIK__PUBLIC__ADDRESS"]
        return made | {"callback": f"{address}/webhooks/whatsapp/{made['provider']}/{made['uuid']}"}

    def set_secrets(self, office: Office, account: dict[str, Any]) -> None:
        """An administrator types them on the server, while the service runs or before its second start."""
        for name, value in self.secrets.items():
            command = [WORKER, "secret", "set", f"whatsapp.{account['uuid']}.{name}"]
            done = processes.attempt(command, environment=office.worker._variables(), text=value)
            assert done.returncode == 0, done.stderr

    def approve_texts(self, office: Office, provider: Provider) -> None:
        """The provider approves every text of the office, and a manager says so in Odoo."""
        texts = office.admin.call("sicantik.whatsapp.template", "search_read", [], ["language", "body", "variables"])
        by_id = {text["id"]: text for text in texts}
        of_meta = [("provider", "=", "meta")]
        for one in office.admin.call("sicantik.whatsapp.registration", "search_read", of_meta, ["name", "text_id"]):
            text = by_id[one["text_id"][0]]
            name = made_up.text_name(self.provider, one["name"], text["language"])
            count = len([variable for variable in (text["variables"] or "").split(",") if variable.strip()])
            provider.approve(name, text["language"], count, text["body"])
            if self.provider == "meta":
                office.admin.call("sicantik.whatsapp.registration", "write", [one["id"]], {"state": "approved"})
                continue
            registered = {"text_id": text["id"], "provider": self.provider, "name": name, "state": "approved"}
            office.admin.call("sicantik.whatsapp.registration", "create", registered)


def agree(office: Office) -> None:
    """Each contact has a number and agreed at the counter."""
    office.odoo.shell(_CONSENT)


def messages(office: Office) -> list[dict[str, Any]]:
    """Where each message stands, oldest first."""
    names = ["number", "state", "why", "reason", "provider_id", "notice_id", "attempt", "account_id"]
    return office.admin.call("sicantik.whatsapp.message", "search_read", [], names, order="id")


def states(office: Office) -> list[str]:
    """Of each message, oldest first."""
    return [message["state"] for message in messages(office)]
