"""What may be sent: a Content with its variables to one person on WhatsApp, as a form.

<https://www.twilio.com/docs/messaging/api/message-resource> and `.../docs/content`.
A name that Twilio does not know is refused here; Twilio would overlook it.
"""

import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from providers.refusal import RefusalError

_TO = re.compile(r"whatsapp:(\+[1-9][0-9]{6,14})")
_CONTENT = re.compile(r"HX[0-9a-fA-F]{32}")
_KNOWN = {"To", "From", "MessagingServiceSid", "ContentSid", "ContentVariables", "StatusCallback", "Body", "ValidityPeriod"}


@dataclass(frozen=True)
class Form:
    """What was asked for, before anybody looked which Content it is."""

    to: str
    """With its `+`."""
    sender: str
    """Its number with a `+`, or a Messaging Service."""
    content: str | None
    variables: dict[str, str]
    body: str | None
    receipts: str | None


def parse(content_type: str, raw: bytes) -> Form:
    """Raises RefusalError for what Twilio would not take."""
    if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise RefusalError(20001, f"Content-Type is {content_type!r}, not application/x-www-form-urlencoded")
    pairs = parse_qsl(raw.decode(), keep_blank_values=True)
    form = dict(pairs)
    if len(form) != len(pairs) or (unknown := form.keys() - _KNOWN):
        raise RefusalError(20001, f"Twice or unknown: {sorted(unknown) if len(form) == len(pairs) else sorted(pairs)}")
    if not form.get("To"):
        raise RefusalError(21604)
    to = _TO.fullmatch(form["To"])
    sender = _sender(form)
    if not to:
        raise RefusalError(21910 if re.fullmatch(r"\+?[0-9]+", form["To"]) else 21211, f"To is {form['To']!r}")
    content = form.get("ContentSid")
    if content is None and "ContentVariables" in form:
        raise RefusalError(21654)
    if content is None and not form.get("Body"):
        raise RefusalError(21619)
    if content is not None and not _CONTENT.fullmatch(content):
        raise RefusalError(21655)
    receipts = form.get("StatusCallback")
    if receipts is not None and not _is_address(receipts):
        raise RefusalError(21609, f"StatusCallback is {receipts!r}")
    validity = form.get("ValidityPeriod", "1")
    if not validity.isdigit() or not 1 <= int(validity) <= 36_000:
        raise RefusalError(20001, "ValidityPeriod is not from 1 to 36000")
    return Form(to[1], sender, content, _variables(form.get("ContentVariables", "{}")), form.get("Body"), receipts)


def _sender(form: dict[str, str]) -> str:
    """Either a number of the channel or a service, or a number of the service."""
    number, service = form.get("From"), form.get("MessagingServiceSid")
    if number is not None:
        if not number.startswith("whatsapp:"):
            raise RefusalError(21910)
        return number.removeprefix("whatsapp:")
    if not service:
        raise RefusalError(21603)
    return service


def _variables(text: str) -> dict[str, str]:
    """A JSON object in a string; each value is one that is not empty."""
    try:
        found = json.loads(text)
    except ValueError:
        raise RefusalError(21656, "ContentVariables is no JSON") from None
    if not isinstance(found, dict) or not all(isinstance(value, str) and value for value in found.values()):
        raise RefusalError(21656, "ContentVariables is no object of texts that are not empty")
    return found


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "_" not in (parts.hostname or "")
