"""What Meta tells of in webhooks, each as the `field` and the `value` of a change.

<https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference>
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from meta import errors


@dataclass(frozen=True)
class Event:
    """One piece of news."""

    kind: str
    """A status, `text`, `system`, or the name of the field."""
    field: str
    value: dict[str, Any]
    about: str | None = None
    """The id of the message."""


@dataclass(frozen=True)
class Number:
    """The business's own."""

    id: str
    display: str

    @property
    def digits(self) -> str:
        return "".join(sign for sign in self.display if sign.isdigit())

    @property
    def metadata(self) -> dict[str, str]:
        return {"display_phone_number": self.digits, "phone_number_id": self.id}


@dataclass(frozen=True)
class Contact:
    """A person, as the business is shown one."""

    number: str
    """Digits."""
    name: str
    hidden: bool = False
    """Whether the person has a user name instead of a number that is shown."""
    renewed: int = 0
    """How often the person's id changed."""

    @property
    def user_id(self) -> str:
        """The business-scoped one."""
        return f"ID.{int.from_bytes(hashlib.sha256(f'{self.number}/{self.renewed}'.encode()).digest()[:8])}"

    def shown(self) -> dict[str, Any]:
        profile = {"name": self.name} | ({"username": f"pemohon.{self.user_id[-4:]}"} if self.hidden else {})
        return {"profile": profile, "user_id": self.user_id} | ({} if self.hidden else {"wa_id": self.number})


@dataclass(frozen=True)
class Sent:
    """The message that a status is about."""

    id: str
    reference: str | None = None
    category: str = "utility"


def status(number: Number, contact: Contact, sent: Sent, name: str, at: float, code: int | None = None) -> Event:
    """`sent`, `delivered`, `read`, or `failed` with an error."""
    told: dict[str, Any] = {"id": sent.id, "status": name, "timestamp": str(int(at))}
    if not contact.hidden:
        told["recipient_id"] = contact.number
    value: dict[str, Any] = {"messaging_product": "whatsapp", "metadata": number.metadata}
    if code is None:
        told["recipient_user_id"] = contact.user_id
        told["pricing"] = {"billable": True, "pricing_model": "PMP", "category": sent.category, "type": "regular"}
        value["contacts"] = [contact.shown()]
    else:
        told["errors"] = [errors.told(code)]
    if sent.reference is not None:
        told["biz_opaque_callback_data"] = sent.reference
    return Event(name, "messages", value | {"statuses": [told]}, sent.id)


def text(number: Number, contact: Contact, identity: str, body: str, at: float) -> Event:
    """What a person wrote."""
    message: dict[str, Any] = {} if contact.hidden else {"from": contact.number}
    message |= {
        "from_user_id": contact.user_id,
        "id": identity,
        "timestamp": str(int(at)),
        "type": "text",
        "text": {"body": body},
    }
    value = {"messaging_product": "whatsapp", "metadata": number.metadata, "contacts": [contact.shown()], "messages": [message]}
    return Event("text", "messages", value, identity)


def changed_id(number: Number, contact: Contact, old: str, identity: str, at: float) -> Event:
    """A person's business-scoped id is another one now."""
    system = {"type": "user_changed_user_id", "body": f"User {contact.name} changed their user ID", "user_id": contact.user_id}
    message: dict[str, Any] = {} if contact.hidden else {"from": contact.number}
    message |= {"from_user_id": old, "id": identity, "timestamp": str(int(at)), "type": "system", "system": system}
    value = {"messaging_product": "whatsapp", "metadata": number.metadata, "messages": [message]}
    return Event("system", "messages", value, identity)


def template_status(identity: int, name: str, language: str, category: str, event: str, reason: str, at: float) -> Event:
    """A text is APPROVED, PAUSED, DISABLED or REJECTED."""
    value = _template(identity, name, language) | {"event": event, "reason": reason, "message_template_category": category}
    if event == "DISABLED":
        value["disable_info"] = {"disable_date": str(int(at))}
    return Event("message_template_status_update", "message_template_status_update", value)


def template_category(identity: int, name: str, language: str, old: str, new: str) -> Event:
    """Meta has moved a text by itself."""
    value = _template(identity, name, language) | {"previous_category": old, "new_category": new}
    return Event("template_category_update", "template_category_update", value)


def capability(people: int | None, tier: str | None) -> Event:
    """The portfolio's limit changed. Meta's table gives a tier, its example people: `tier` decides which of them it is."""
    value: dict[str, Any] = {"max_daily_conversations_per_business": tier or (-1 if people is None else people)}
    value |= {"max_phone_numbers_per_business": 2} if people == 250 else {"max_phone_numbers_per_waba": 25}
    return Event("business_capability_update", "business_capability_update", value)


def _template(identity: int, name: str, language: str) -> dict[str, Any]:
    return {"message_template_id": identity, "message_template_name": name, "message_template_language": language}
