"""What Twilio tells of an account's senders and texts, and how it pages through lists."""

import hashlib
from typing import Any

from providers.messages import Call, Identity
from providers.texts import Text

_PAGE = 50
_QUALITY = {"GREEN": "HIGH", "YELLOW": "MEDIUM", "RED": "LOW"}


def number(number: str, identity: Identity) -> dict[str, Any]:
    """One that the account has."""
    return {
        "sid": "PN" + hashlib.sha256(number.encode()).hexdigest()[:32],
        "account_sid": identity.business_id,
        "phone_number": number,
        "friendly_name": identity.verified_name,
        "status": "in-use",
    }


def sender(number: str, identity: Identity, quality: str, people: int | None) -> dict[str, Any]:
    """A number on WhatsApp."""
    sid = "XE" + hashlib.sha256(number.encode()).hexdigest()[:32]
    return {
        "sid": sid,
        "sender_id": f"whatsapp:{number}",
        "status": "ONLINE",
        "profile": {"name": identity.verified_name},
        "properties": {
            "quality_rating": _QUALITY.get(quality, "UNKNOWN"),
            "messaging_limit": "Unlimited" if people is None else f"{people} Customers/24hr",
        },
        "offline_reasons": None,
        "url": f"https://messaging.twilio.com/v2/Channels/Senders/{sid}",
    }


def content(text: Text, account: str) -> dict[str, Any]:
    """A text."""
    places = text.variables + text.button + text.header
    return {
        "sid": text.name,
        "account_sid": account,
        "friendly_name": f"text_{text.number}",
        "language": text.language,
        "variables": {str(place + 1): f"contoh {place + 1}" for place in range(places)},
        "types": {"twilio/text": {"body": text.body}},
        "url": f"https://content.twilio.com/v1/Content/{text.name}",
    }


def approval(text: Text) -> dict[str, Any]:
    """What Meta said of it."""
    return {
        "name": f"text_{text.number}",
        "category": text.category.upper(),
        "content_type": "twilio/text",
        "status": text.state,
        "rejection_reason": text.reason or "",
        "allow_category_change": True,
    }


def page(call: Call, key: str, records: list[dict[str, Any]]) -> dict[str, Any]:
    """One page of a list; the next one is named with the host that was asked."""
    number, size, following = _place(call, len(records))
    host = f"http://{call.headers['Host']}"
    meta = {
        "key": key,
        "page": number,
        "page_size": size,
        "url": f"{host}{call.path}?PageSize={size}&Page={number}",
        "first_page_url": f"{host}{call.path}?PageSize={size}&Page=0",
        "previous_page_url": None,
        "next_page_url": following and host + following,
    }
    return {"meta": meta, key: records[number * size :][:size]}


def old_page(call: Call, key: str, records: list[dict[str, Any]]) -> dict[str, Any]:
    """The same of the older part of the interface, which names the next one without a host."""
    number, size, following = _place(call, len(records))
    shown = {key: records[number * size :][:size], "page": number, "page_size": size, "next_page_uri": following}
    return shown | {"uri": call.path, "start": number * size}


def _place(call: Call, count: int) -> tuple[int, int, str | None]:
    number, size = int(call.asked("Page", "0")), int(call.asked("PageSize", str(_PAGE)))
    following = f"{call.path}?PageSize={size}&Page={number + 1}&PageToken=PT{number + 1}"
    return number, size, following if (number + 1) * size < count else None
