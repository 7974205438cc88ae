"""What Vonage tells of, with a token that names the hash of the body.

<https://developer.vonage.com/en/messages/concepts/whatsapp/wa-status-callbacks> and `.../getting-started/concepts/webhooks`.
"""

import hashlib
import json
import secrets
import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar

from providers.dialect import Forgery, Silent
from providers.events import Code, Contact, Event, Number, Sent
from providers.messages import Identity
from providers.vonage import errors, tokens

_WORDS = {"sent": "submitted", "failed": "rejected"}
_UNREACHABLE = {1100, 1331}
_OLD_SECONDS = 86_400
_API_KEY = "a1b2c3d4"


class Dialect(Silent):
    """Of one application."""

    batches = False
    forgeries: ClassVar[frozenset[Forgery]] = frozenset({"secret", "missing", "body", "old"})
    agent = "Nexmo/MessagingHUB/v1.0"
    content_type = "application/json"

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def status(self, number: Number, contact: Contact, sent: Sent, name: str, at: float, code: Code | None) -> Event:
        """`submitted`, `delivered`, `read`; `rejected`, or `undeliverable` where WhatsApp could not be reached."""
        word = "undeliverable" if code in _UNREACHABLE else _WORDS.get(name, name)
        told: dict[str, Any] = {
            "message_uuid": sent.id,
            "to": contact.user_id if contact.hidden else contact.number,
            "from": number.digits,
            "timestamp": moment(at),
            "channel": "whatsapp",
            "status": word,
        }
        if sent.reference is not None:
            told["client_ref"] = sent.reference
        if code is not None:
            told["error"] = errors.told(code, secrets.token_hex(16), titled=False)
        else:
            told["usage"] = {"currency": "EUR", "price": "0.0333"}
            told["whatsapp"] = _recipient(contact) | {"waba_id": self._identity.business_id or "200000000000002"}
        return Event(word, told, sent.id, url=sent.receipts)

    def text(self, number: Number, contact: Contact, identity: str, body: str, at: float) -> Event:
        """What a person wrote."""
        told = {
            "channel": "whatsapp",
            "message_uuid": identity,
            "to": number.digits,
            "from": contact.user_id if contact.hidden else contact.number,
            "timestamp": moment(at),
            "profile": {"name": contact.name},
            "context_status": "none",
            "message_type": "text",
            "text": body,
        }
        return Event("text", told, identity)

    def message_id(self, number: str) -> str:
        return str(uuid.uuid4())

    def compose(self, events: tuple[Event, ...], at: float) -> bytes:
        [event] = events
        return json.dumps(event.value, ensure_ascii=False, separators=(",", ":")).encode()

    def sign(self, identity: str, url: str, body: bytes, at: float, forgery: Forgery | None) -> dict[str, str]:
        claims = {
            "iat": int(at) - (_OLD_SECONDS if forgery == "old" else 0),
            "jti": str(uuid.uuid4()),
            "iss": "Vonage",
            "payload_hash": hashlib.sha256(body).hexdigest(),
            "api_key": _API_KEY,
            "application_id": self._identity.key_id,
        }
        secret = secrets.token_hex(16) if forgery == "secret" else self._identity.app_secret
        return {"Authorization": f"Bearer {tokens.signed(claims, secret)}"}

    def heard(self, status: int) -> bool:
        return 200 <= status < 300

    def repeats(self, url: str, answers: list[int | None]) -> bool:
        return True


def moment(at: float) -> str:
    """As Vonage writes it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _recipient(contact: Contact) -> dict[str, Any]:
    return {"recipient": {"user_id": contact.user_id} | ({} if contact.hidden else {"wa_id": contact.number})}
