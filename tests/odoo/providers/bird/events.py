"""What Bird tells of, signed as Standard Webhooks are: <https://www.standardwebhooks.com>.

The shapes are those of its kit's `EventWhatsApp…`.
"""

import base64
import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime
from typing import Any, ClassVar

from providers.bird import errors
from providers.dialect import Forgery, Silent
from providers.events import Code, Contact, Event, Number, Sent

_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
_OLD_SECONDS = 600
"""Twice what its kit still accepts."""


class Dialect(Silent):
    """Of one workspace."""

    batches = False
    forgeries: ClassVar[frozenset[Forgery]] = frozenset({"secret", "missing", "body", "old"})
    agent = "Bird-Webhooks/1.0"
    content_type = "application/json"

    def __init__(self, secret: str) -> None:
        self._key = base64.b64decode(secret.removeprefix("whsec_"))
        self._workspace = named("ws")

    def status(self, number: Number, contact: Contact, sent: Sent, name: str, at: float, code: Code | None) -> Event:
        """`sent`, `delivered`, `read`; `failed` is `rejected` where WhatsApp never had it."""
        word = "rejected" if code is not None and errors.is_rejected(code) else name
        data = self._data(sent.id, "outbound", {"phone_number": f"+{number.digits}"}, address(contact))
        data["metadata"] = json.loads(sent.reference) if sent.reference else None
        if code is not None:
            data["error"] = errors.told(code, moment(at))
        return Event(word, {"type": f"whatsapp.{word}", "timestamp": moment(at), "data": data}, sent.id)

    def text(self, number: Number, contact: Contact, identity: str, body: str, at: float) -> Event:
        """What a person wrote."""
        sender = address(contact) | {"display_name": contact.name}
        data = self._data(identity, "inbound", sender, {"phone_number": f"+{number.digits}"}) | {"text": {"body": body}}
        return Event("text", {"type": "whatsapp.received", "timestamp": moment(at), "data": data}, identity)

    def message_id(self, number: str) -> str:
        return named("wam")

    def compose(self, events: tuple[Event, ...], at: float) -> bytes:
        [event] = events
        return json.dumps(event.value, ensure_ascii=False, separators=(",", ":")).encode()

    def sign(self, identity: str, url: str, body: bytes, at: float, forgery: Forgery | None) -> dict[str, str]:
        """Beside the true signature stands one of a secret that is being retired, as while secrets change."""
        key = secrets.token_bytes(24) if forgery == "secret" else self._key
        identity, stamp = f"msg_{identity}", str(int(at) - (_OLD_SECONDS if forgery == "old" else 0))
        signed = f"{identity}.{stamp}.".encode() + body
        signatures = [_signature(secrets.token_bytes(24), signed), _signature(key, signed)]
        return {"webhook-id": identity, "webhook-timestamp": stamp, "webhook-signature": " ".join(signatures)}

    def heard(self, status: int) -> bool:
        return 200 <= status < 300

    def repeats(self, url: str, answers: list[int | None]) -> bool:
        return True

    def _data(self, identity: str, direction: str, sender: dict[str, str], receiver: dict[str, str]) -> dict[str, Any]:
        data = {"whatsapp_id": identity, "workspace_id": self._workspace, "direction": direction}
        return data | {"from": sender, "to": receiver, "tags": None, "metadata": None}


def address(contact: Contact) -> dict[str, str]:
    """Of a person."""
    return {"bsuid": contact.user_id} | ({} if contact.hidden else {"phone_number": f"+{contact.number}"})


def named(kind: str, seed: str | None = None) -> str:
    """An id of that kind: another one each time, or that of a seed."""
    number = int.from_bytes(secrets.token_bytes(17) if seed is None else hashlib.sha256(seed.encode()).digest()[:17])
    return f"{kind}_" + "".join(_SIGNS[(number >> (5 * place)) & 31] for place in range(26))


def moment(at: float) -> str:
    """As Bird writes it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _signature(key: bytes, signed: bytes) -> str:
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
