"""What Twilio answers: to messages, and to questions about an account, its senders and its texts.

Four of its hosts are one here: `api`, `messaging`, `content` and their paths do not meet.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Callable
from email.utils import formatdate
from typing import Any, ClassVar

from providers.events import Code
from providers.messages import Call, Request, Taken
from providers.refusal import RefusalError
from providers.service import Service as Common
from providers.texts import Text, unfit
from providers.twilio import errors, resources
from providers.twilio.request import Form, parse

_MESSAGES = re.compile(r"/2010-04-01/Accounts/([^/]+)/Messages\.json")
_STATE_CODES = {"pending": 63016, "rejected": 63040, "paused": 63041, "disabled": 63042}
"""What becomes of a text that is not approved: Twilio takes it."""


class Service(Common):
    """Of one account."""

    LIMIT_CODES: ClassVar = {"rate": 20429, "pair": 63018, "people": 63018}
    TOLD_LATER: ClassVar = frozenset({"pair", "people"})
    NOT_ON_WHATSAPP: ClassVar = 63003

    def admit(self, call: Call) -> None:
        """An API key, or the account itself; of these only the account may read the account."""
        name, secret = _credentials(call.headers.get("Authorization", ""))
        key = (self.identity.key_id, self.token)
        known = [key, (self.identity.business_id, self.identity.app_secret)]
        if not any(name == one and hmac.compare_digest(secret.encode(), other.encode()) for one, other in known):
            raise RefusalError(20003, "Authentication Error - invalid username")
        if name == self.identity.key_id and re.fullmatch(r"/2010-04-01/Accounts(/[^/]+)?\.json", call.path):
            raise RefusalError(20003, "Standard API keys do not read accounts")

    def read(self, call: Call, raw: bytes) -> Request:
        found = _MESSAGES.fullmatch(call.path)
        if not found or found[1] != self.identity.business_id:
            raise self.nowhere(call.path)
        form = parse(call.headers.get("Content-Type", ""), raw)
        if form.sender not in (self.identity.sender_id, f"+{self.number.digits}"):
            raise RefusalError(21703 if form.sender.startswith("MG") else 63007, f"Nobody sends from {form.sender}")
        if form.to == f"+{self.number.digits}":
            raise RefusalError(21211, "To and From are the same")
        return self._request(form)

    def judge(self, request: Request) -> tuple[Code | None, str, str | None]:
        if not request.text:
            return (None if self.ledger.in_window(request.to, self.clock()) else 63016), "service", request.parameters[0]
        text = self._content(request.text)
        if text is None:
            raise RefusalError(21655, f"{request.text} was not found")
        given = [*request.parameters, *filter(None, [request.button, request.header and request.header[0]])]
        if text.state in _STATE_CODES:
            return _STATE_CODES[text.state], text.category, None
        if len(given) != text.variables + text.button + text.header:
            return 63028, text.category, None
        if any(unfit(value) for value in given):
            return 63013, text.category, None
        if text.too_long(request.parameters):
            return 63021, text.category, None
        return None, text.category, text.words(request.parameters)

    def questions(self) -> list[tuple[str, Callable[..., Any]]]:
        account, sender = f"/2010-04-01/Accounts/{self.identity.business_id}", re.escape(self.identity.sender_id)
        return [
            (rf"{account}\.json", self._account),
            (rf"{account}/IncomingPhoneNumbers\.json", self._numbers),
            (rf"{account}/Messages\.json", self._messages),
            (rf"{account}/Messages/([^/]+)\.json", self._one_message),
            (rf"/v1/Services/{sender}", self._service),
            ("/v2/Channels/Senders", self._senders),
            ("/v1/(Content|ContentAndApprovals)", self._contents),
            ("/v1/Content/([^/]+)(/ApprovalRequests)?", self._one_content),
        ]

    def nowhere(self, path: str) -> RefusalError:
        return RefusalError(20404, f"The requested resource {path} was not found")

    def accepted(self, request: Request, taken: Taken, empty: bool) -> tuple[int, dict[str, Any]]:
        said = self._message(taken) | {"status": "accepted" if self.identity.sender_id.startswith("MG") else "queued"}
        return 201, {name: value for name, value in said.items() if not empty or name not in ("sid", "uri")}

    def refusal(self, code: Code, details: str, more: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        status = errors.http_status(code)
        page = f"https://www.twilio.com/docs/errors/{code}"
        return status, {"code": code, "message": details or errors.title(code), "more_info": page, "status": status}

    def refusal_in_ok(self, code: Code, details: str, request: Request) -> tuple[int, dict[str, Any]]:
        """The message exists, and has failed already."""
        failed = {"status": "failed", "error_code": code, "error_message": details or errors.title(code)}
        said = self._said(self.dialect.message_id(request.to), request.to, self.clock())
        return 201, said | failed

    def _request(self, form: Form) -> Request:
        """The variables by their places: those of the body, then the button's, then the document's."""
        variables = dict(form.variables)
        text = self._content(form.content)
        if text is None:
            parameters = (form.body or "",) if form.content is None else tuple(variables.values())
            language, button, header = "", None, None
        else:
            language, places = text.language, text.variables
            button = variables.pop(str(places + 1), None) if text.button else None
            header = variables.pop(str(places + 1 + text.button), None) if text.header else None
            if unknown := variables.keys() - {str(place + 1) for place in range(places)}:
                raise RefusalError(21656, f"The Content has no places {sorted(unknown)}")
            parameters = tuple(variables[place] for place in sorted(variables, key=int))
        return Request(
            asked=form.to,
            to=form.to.removeprefix("+"),
            text=form.content or "",
            language=language,
            parameters=parameters,
            button=button,
            header=(header, None) if header is not None else None,
            receipts=form.receipts,
        )

    def _message(self, taken: Taken) -> dict[str, Any]:
        return self._said(taken.id, taken.to, taken.at) | {"body": taken.words or ""}

    def _said(self, identity: str, to: str, at: float) -> dict[str, Any]:
        service = self.identity.sender_id.startswith("MG")
        path = f"/2010-04-01/Accounts/{self.identity.business_id}/Messages/{identity}"
        return {
            "account_sid": self.identity.business_id,
            "api_version": "2010-04-01",
            "body": "",
            "date_created": formatdate(at),
            "date_sent": None,
            "date_updated": formatdate(at),
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": None if service else f"whatsapp:+{self.number.digits}",
            "messaging_service_sid": self.identity.sender_id if service else None,
            "num_media": "0",
            "num_segments": "0" if service else "1",
            "price": None,
            "price_unit": None,
            "sid": identity,
            "status": "queued",
            "subresource_uris": {"media": f"{path}/Media.json"},
            "to": f"whatsapp:+{to}",
            "uri": f"{path}.json",
        }

    def _account(self, call: Call) -> dict[str, Any]:
        name = self.identity.verified_name
        return {"sid": self.identity.business_id, "friendly_name": name, "status": "active", "type": "Full"}

    def _numbers(self, call: Call) -> dict[str, Any]:
        wanted = call.asked("PhoneNumber") in ("", f"+{self.number.digits}")
        numbers = [resources.number(f"+{self.number.digits}", self.identity)] if wanted else []
        return resources.old_page(call, "incoming_phone_numbers", numbers)

    def _messages(self, call: Call) -> dict[str, Any]:
        found = [self._message(taken) for taken in reversed(self.taken)]
        return resources.old_page(call, "messages", [one for one in found if call.asked("To") in ("", one["to"])])

    def _one_message(self, call: Call, identity: str) -> dict[str, Any] | None:
        return next((self._message(taken) for taken in self.taken if taken.id == identity), None)

    def _service(self, call: Call) -> dict[str, Any] | None:
        sid = self.identity.sender_id
        said = {"sid": sid, "account_sid": self.identity.business_id, "friendly_name": self.identity.verified_name}
        return said if sid.startswith("MG") else None

    def _senders(self, call: Call) -> dict[str, Any]:
        senders = [resources.sender(f"+{self.number.digits}", self.identity, self.quality_rating, self.ledger.limits.people)]
        return resources.page(call, "senders", senders if call.asked("Channel", "whatsapp") == "whatsapp" else [])

    def _contents(self, call: Call, resource: str) -> dict[str, Any]:
        contents = [resources.content(text, self.identity.business_id) for text in self.texts]
        if resource == "ContentAndApprovals":
            contents = [
                one | {"approval_requests": resources.approval(text)} for one, text in zip(contents, self.texts, strict=True)
            ]
        return resources.page(call, "contents", contents)

    def _one_content(self, call: Call, sid: str, approval: str | None) -> dict[str, Any] | None:
        text = self._content(sid)
        if text is None or not approval:
            return text and resources.content(text, self.identity.business_id)
        url = f"https://content.twilio.com{call.path}"
        return {"sid": sid, "account_sid": self.identity.business_id, "whatsapp": resources.approval(text), "url": url}

    def _content(self, sid: str | None) -> Text | None:
        return next(iter(self.texts.named(sid)), None) if sid else None


def _credentials(header: str) -> tuple[str, str]:
    scheme, _, code = header.partition(" ")
    try:
        name, _, secret = base64.b64decode(code, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (name, secret) if scheme == "Basic" else ("", "")
