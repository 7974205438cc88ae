"""What Meta tells of in webhooks, each as the `field` and the `value` of a change, and how it signs them.

<https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference>
"""

import base64
import hashlib
import hmac
import json
import secrets
from typing import Any, ClassVar

from providers.dialect import Forgery
from providers.events import Code, Contact, Event, Number, Sent
from providers.meta import errors
from providers.texts import Text


class Dialect:
    """Of one WhatsApp Business Account."""

    batches = True
    forgeries: ClassVar[frozenset[Forgery]] = frozenset({"secret", "missing", "body"})
    agent = "facebookexternalua"
    content_type = "application/json"

    def __init__(self, secret: str, account: str) -> None:
        self._secret, self._account = secret, account

    def status(self, number: Number, contact: Contact, sent: Sent, name: str, at: float, code: Code | None) -> Event:
        """`sent`, `delivered`, `read`, or `failed` with an error."""
        told: dict[str, Any] = {"id": sent.id, "status": name, "timestamp": str(int(at))}
        if not contact.hidden:
            told["recipient_id"] = contact.number
        value: dict[str, Any] = {"messaging_product": "whatsapp", "metadata": _metadata(number)}
        if code is None:
            told["recipient_user_id"] = contact.user_id
            told["pricing"] = {"billable": True, "pricing_model": "PMP", "category": sent.category, "type": "regular"}
            value["contacts"] = [_shown(contact)]
        else:
            told["errors"] = [errors.told(code)]
        if sent.reference is not None:
            told["biz_opaque_callback_data"] = sent.reference
        return Event(name, value | {"statuses": [told]}, sent.id, "messages")

    def text(self, number: Number, contact: Contact, identity: str, body: str, at: float) -> Event:
        """What a person wrote."""
        message: dict[str, Any] = {} if contact.hidden else {"from": contact.number}
        message |= {
            "from_user_id": contact.user_id,
            "id": identity,
            "timestamp": str(int(at)),
            "type": "text",
            "text": {"body": body},
        }
        value = {
            "messaging_product": "whatsapp",
            "metadata": _metadata(number),
            "contacts": [_shown(contact)],
            "messages": [message],
        }
        return Event("text", value, identity, "messages")

    def changed_id(self, number: Number, contact: Contact, old: str, identity: str, at: float) -> Event:
        """A person's business-scoped id is another one now."""
        system = {
            "type": "user_changed_user_id",
            "body": f"User {contact.name} changed their user ID",
            "user_id": contact.user_id,
        }
        message: dict[str, Any] = {} if contact.hidden else {"from": contact.number}
        message |= {"from_user_id": old, "id": identity, "timestamp": str(int(at)), "type": "system", "system": system}
        value = {"messaging_product": "whatsapp", "metadata": _metadata(number), "messages": [message]}
        return Event("system", value, identity, "messages")

    def text_state(self, text: Text, at: float) -> Event:
        """APPROVED, PAUSED, DISABLED or REJECTED."""
        about = {"event": text.state.upper(), "reason": text.reason or "NONE", "message_template_category": text.category.upper()}
        value = _template(text) | about
        if text.state == "disabled":
            value["disable_info"] = {"disable_date": str(int(at))}
        return Event("message_template_status_update", value, topic="message_template_status_update")

    def text_category(self, text: Text, old: str) -> Event:
        """Meta has moved a text by itself."""
        value = _template(text) | {"previous_category": old.upper(), "new_category": text.category.upper()}
        return Event("template_category_update", value, topic="template_category_update")

    def capability(self, people: int | None, tier: str | None) -> Event:
        """The portfolio's limit changed. Meta's table gives a tier, its example people: `tier` decides which of them it is."""
        value: dict[str, Any] = {"max_daily_conversations_per_business": tier or (-1 if people is None else people)}
        value |= {"max_phone_numbers_per_business": 2} if people == 250 else {"max_phone_numbers_per_waba": 25}
        return Event("business_capability_update", value, topic="business_capability_update")

    def message_id(self, number: str) -> str:
        return "wamid." + base64.b64encode(b"\x1c\x18" + number.encode() + secrets.token_bytes(12)).decode()

    def compose(self, events: tuple[Event, ...], at: float) -> bytes:
        """Several events use all that the format has: two entries, changes in them, and statuses side by side in a change."""
        middle = (len(events) + 1) // 2
        entries = []
        for part in (events[:middle], events[middle:]):
            changes: list[dict[str, Any]] = []
            for event in part:
                last = changes[-1] if changes else None
                if last and event.topic == last["field"] == "messages" and _joined(last["value"], event.value):
                    continue
                changes.append({"value": {key: _copied(value) for key, value in event.value.items()}, "field": event.topic})
            if changes:
                entries.append({"id": self._account, "time": int(at), "changes": changes})
        whole = {"object": "whatsapp_business_account", "entry": entries}
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()

    def sign(self, identity: str, url: str, body: bytes, at: float, forgery: Forgery | None) -> dict[str, str]:
        secret = secrets.token_hex() if forgery == "secret" else self._secret
        return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}

    def heard(self, status: int) -> bool:
        return status == 200

    def repeats(self, url: str, answers: list[int | None]) -> bool:
        return True


def _metadata(number: Number) -> dict[str, str]:
    return {"display_phone_number": number.digits, "phone_number_id": number.id}


def _shown(contact: Contact) -> dict[str, Any]:
    profile = {"name": contact.name} | ({"username": f"pemohon.{contact.user_id[-4:]}"} if contact.hidden else {})
    return {"profile": profile, "user_id": contact.user_id} | ({} if contact.hidden else {"wa_id": contact.number})


def _template(text: Text) -> dict[str, Any]:
    return {
        "message_template_id": 10**15 + text.number,
        "message_template_name": text.name,
        "message_template_language": text.language,
    }


def _joined(value: dict[str, Any], more: dict[str, Any]) -> bool:
    """Puts the second to the first if both are statuses of the same number."""
    if "statuses" not in value or "statuses" not in more or value["metadata"] != more["metadata"]:
        return False
    value["statuses"] += more["statuses"]
    if new := [contact for contact in more.get("contacts", []) if contact not in value.get("contacts", [])]:
        value["contacts"] = value.get("contacts", []) + new
    return True


def _copied(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value
