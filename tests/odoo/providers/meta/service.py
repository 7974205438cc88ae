"""What the Cloud API answers: to messages, and to questions about a number and its texts."""

import hmac
import re
import secrets
from collections.abc import Callable
from typing import Any, ClassVar

from providers.events import Code
from providers.messages import Call, Request, Taken
from providers.meta import errors
from providers.meta.request import parse
from providers.refusal import RefusalError
from providers.service import Service as Common
from providers.texts import Text

_MESSAGES = re.compile(r"/v\d+\.\d+/([^/]+)/messages")
_DEFAULT_FIELDS = "verified_name,display_phone_number,quality_rating"
_STATE_CODES = {"paused": 132015, "disabled": 132016, "rejected": 132001, "pending": 132001}
"""With what a text is refused that is not approved."""
_PAGE = 25
"""Texts at a time, unless the client wants fewer or more."""


class Service(Common):
    """Of one number and its business."""

    LIMIT_CODES: ClassVar = {"rate": 130429, "pair": 131056, "people": 131064}
    NOT_ON_WHATSAPP: ClassVar = 131026

    def admit(self, call: Call) -> None:
        scheme, _, token = call.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not hmac.compare_digest(token.encode(), self.token.encode()):
            raise RefusalError(190, "Cannot parse access token")

    def read(self, call: Call, raw: bytes) -> Request:
        found = _MESSAGES.fullmatch(call.path)
        if not found or found[1] != self.number.id:
            raise self.nowhere(call.path)
        request = parse(call.headers.get("Content-Type", ""), raw)
        if request.to == self.number.digits:
            raise RefusalError(131021)
        return request

    def judge(self, request: Request) -> tuple[Code | None, str, str | None]:
        text = self.texts.get(request.text, request.language)
        if text is None:
            raise RefusalError(132001, f"template name ({request.text}) does not exist in {request.language}")
        if text.state in _STATE_CODES:
            raise RefusalError(_STATE_CODES[text.state])
        given = len(request.parameters)
        if given != text.variables:
            raise RefusalError(
                132000, f"body: number of localizable_params ({given}) does not match the expected ({text.variables})"
            )
        if text.button and request.button is None:
            raise RefusalError(131008, "buttons: Button at index 0 of type Url requires a parameter")
        if text.header and request.header is None:
            raise RefusalError(132012, "header: Format mismatch, expected DOCUMENT, received UNKNOWN")
        if (request.button is not None and not text.button) or (request.header is not None and not text.header):
            raise RefusalError(132000, "the text has no such component")
        if text.too_long(request.parameters):
            raise RefusalError(132005, "body: too long")
        return None, text.category, text.words(request.parameters)

    def questions(self) -> list[tuple[str, Callable[..., Any]]]:
        version = r"/v\d+\.\d+"
        templates = rf"{version}/{re.escape(self.identity.business_id)}/message_templates"
        return [(rf"{version}/{re.escape(self.number.id)}", self._number), (templates, self._templates)]

    def nowhere(self, path: str) -> RefusalError:
        return RefusalError(100, f"Unknown path components, or no such object: {path}")

    def accepted(self, request: Request, taken: Taken, empty: bool) -> tuple[int, dict[str, Any]]:
        contact = {"input": request.asked, "wa_id": taken.to, "user_id": self.people.person(taken.to).contact.user_id}
        message = {"id": taken.id, "message_status": "accepted"}
        contacts, messages = ([], []) if empty else ([contact], [message])
        return 200, {"messaging_product": "whatsapp", "contacts": contacts, "messages": messages}

    def refusal(self, code: Code, details: str, more: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        assert isinstance(code, int), code
        return errors.http_status(code), errors.answered(code, details or errors.title(code), "A" + secrets.token_urlsafe(16))

    def refusal_in_ok(self, code: Code, details: str, request: Request) -> tuple[int, dict[str, Any]]:
        return 200, self.refusal(code, details, {})[1]

    def _number(self, call: Call) -> dict[str, Any]:
        known = {
            "id": self.number.id,
            "display_phone_number": self.number.display,
            "verified_name": self.identity.verified_name,
            "quality_rating": self.quality_rating,
            "whatsapp_business_manager_messaging_limit": self.ledger.limits.tier,
        }
        asked = call.asked("fields", _DEFAULT_FIELDS).split(",")
        return {name: _field(known, name) for name in [*asked, "id"]}

    def _templates(self, call: Call) -> dict[str, Any]:
        """`name` finds all texts whose names hold it, in each language."""
        wanted, fields = call.asked("name"), call.asked("fields", "name,language,status,category").split(",")
        found = [text for text in self.texts if wanted in text.name]
        begin, size = int(call.asked("after", "0")), int(call.asked("limit", str(_PAGE)))
        data = [{name: _field(_shown(text), name) for name in dict.fromkeys([*fields, "id"])} for text in found[begin:][:size]]
        paging: dict[str, Any] = {"cursors": {"before": str(begin), "after": str(begin + size)}}
        if begin + size < len(found):
            paging["next"] = f"https://graph.facebook.com{call.path}?after={begin + size}&limit={size}"
        return {"data": data, "paging": paging} if data else {"data": []}


def _shown(text: Text) -> dict[str, Any]:
    return {
        "id": str(10**15 + text.number),
        "name": text.name,
        "language": text.language,
        "status": text.state.upper(),
        "category": text.category.upper(),
        "rejected_reason": (text.reason or "NONE"),
    }


def _field(known: dict[str, Any], name: str) -> Any:
    if name not in known:
        raise RefusalError(100, f"Tried accessing nonexisting field ({name})")
    return known[name]
