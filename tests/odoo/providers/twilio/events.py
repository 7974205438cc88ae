"""What Twilio tells of: forms, signed together with the address that they go to.

<https://www.twilio.com/docs/usage/webhooks/webhooks-security> and `.../messaging/guides/track-outbound-message-status`.
"""

import base64
import hashlib
import hmac
import secrets
from typing import ClassVar
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from providers.dialect import Forgery, Silent
from providers.events import Code, Contact, Event, Number, Sent
from providers.messages import Identity
from providers.twilio import errors

_VERSION = "2010-04-01"
_OF_THE_CHANNEL = 63000
"""Codes from here on are WhatsApp's."""
_NEVER_LEFT = {63016, 63018, 63038}
"""Those with which Twilio itself holds a message back."""
_REPEATS = 1
"""After the first attempt, unless the address says otherwise."""


class Dialect(Silent):
    """Of one account."""

    batches = False
    forgeries: ClassVar[frozenset[Forgery]] = frozenset({"secret", "missing", "body", "address"})
    agent = "TwilioProxy/1.1"
    content_type = "application/x-www-form-urlencoded; charset=UTF-8"

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def status(self, number: Number, contact: Contact, sent: Sent, name: str, at: float, code: Code | None) -> Event:
        """`sent`, `delivered`, `read`; `failed` is `undelivered` where WhatsApp had it, which Twilio tells by the code."""
        word = name
        if name == "failed" and isinstance(code, int) and code >= _OF_THE_CHANNEL and code not in _NEVER_LEFT:
            word = "undelivered"
        address = _address(contact)
        form = {
            "ChannelPrefix": "whatsapp",
            "ApiVersion": _VERSION,
            "MessageStatus": word,
            "SmsStatus": word,
            "SmsSid": sent.id,
            "MessageSid": sent.id,
            "ChannelInstallSid": "XE" + hashlib.sha256(number.display.encode()).hexdigest()[:32],
            "To": address,
            "ChannelToAddress": address.removeprefix("whatsapp:"),
            "From": f"whatsapp:+{number.digits}",
            "AccountSid": self._identity.business_id,
        }
        if self._identity.sender_id.startswith("MG"):
            form["MessagingServiceSid"] = self._identity.sender_id
        if name in ("read", "delivered"):
            form["EventType"] = name.upper()
        if code is not None:
            form |= {"ErrorCode": str(code), "ErrorMessage": errors.title(code), "ChannelStatusMessage": errors.title(code)}
        return Event(word, form, sent.id, url=sent.receipts)

    def text(self, number: Number, contact: Contact, identity: str, body: str, at: float) -> Event:
        """What a person wrote."""
        form = {
            "SmsMessageSid": identity,
            "NumMedia": "0",
            "ProfileName": contact.name,
            "MessageType": "text",
            "SmsSid": identity,
            "SmsStatus": "received",
            "Body": body,
            "To": f"whatsapp:+{number.digits}",
            "NumSegments": "1",
            "ReferralNumMedia": "0",
            "MessageSid": identity,
            "AccountSid": self._identity.business_id,
            "From": _address(contact),
            "ApiVersion": _VERSION,
        }
        if not contact.hidden:
            form["WaId"] = contact.number
        if self._identity.sender_id.startswith("MG"):
            form["MessagingServiceSid"] = self._identity.sender_id
        return Event("text", form, identity)

    def message_id(self, number: str) -> str:
        return "SM" + secrets.token_hex(16)

    def compose(self, events: tuple[Event, ...], at: float) -> bytes:
        [event] = events
        return urlencode(event.value).encode()

    def sign(self, identity: str, url: str, body: bytes, at: float, forgery: Forgery | None) -> dict[str, str]:
        """The fragment, which tells how often to try, is not part of the address."""
        secret = secrets.token_hex() if forgery == "secret" else self._identity.app_secret
        address = url.partition("#")[0] + ("/other" if forgery == "address" else "")
        form = sorted(parse_qsl(body.decode(), keep_blank_values=True))
        text = address + "".join(name + value for name, value in form)
        signature = base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest()).decode()
        return {"X-Twilio-Signature": signature, "I-Twilio-Idempotency-Token": identity}

    def heard(self, status: int) -> bool:
        return 200 <= status < 300

    def repeats(self, url: str, answers: list[int | None]) -> bool:
        """Only who does not answer is called again, once, unless the address's fragment asks for more: `#rc=3&rp=5xx,ct`."""
        wishes = parse_qs(urlsplit(url).fragment)
        policies = ",".join(wishes.get("rp", ["ct"])).split(",")
        last = answers[-1]
        kinds = {"ct", "rt"} if last is None else {f"{last // 100}xx"}
        wanted = "all" in policies or bool(kinds & set(policies))
        return wanted and len(answers) <= min(int(wishes.get("rc", [str(_REPEATS)])[0]), 5)


def _address(contact: Contact) -> str:
    return f"whatsapp:{contact.user_id}" if contact.hidden else f"whatsapp:+{contact.number}"
