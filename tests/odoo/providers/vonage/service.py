"""What Vonage answers: to messages, and to the question who the users of the application are."""

import secrets
from collections.abc import Callable
from typing import Any, ClassVar

from providers.events import Code
from providers.limits import Kind
from providers.messages import Call, Request, Taken
from providers.refusal import RefusalError
from providers.service import Service as Common
from providers.texts import unfit
from providers.vonage import errors
from providers.vonage.request import parse
from providers.vonage.tokens import WrongTokenError, check

_MESSAGES = "/v1/messages"


class Service(Common):
    """Of one application."""

    LIMIT_CODES: ClassVar[dict[Kind, Code]] = {"rate": 1000, "pair": 1241, "people": 1460}
    TOLD_LATER: ClassVar = frozenset({"pair", "people"})
    NOT_ON_WHATSAPP: ClassVar = 1300

    def admit(self, call: Call) -> None:
        scheme, _, token = call.headers.get("Authorization", "").partition(" ")
        try:
            if scheme != "Bearer":
                raise WrongTokenError(f"{scheme or 'nothing'} instead of a token")
            check(token, self.identity.key_id, self.token, self.clock())
        except WrongTokenError as error:
            raise RefusalError("unauthorized", str(error)) from error

    def read(self, call: Call, raw: bytes) -> Request:
        if call.path != _MESSAGES:
            raise self.nowhere(call.path)
        request, sender = parse(call.headers.get("Content-Type", ""), raw)
        if sender != self.number.digits:
            raise RefusalError(1120, f"Nobody sends from {sender}", where="from")
        return request

    def judge(self, request: Request) -> tuple[Code | None, str, str | None]:
        """Of the text Vonage knows nothing: what Meta says to it comes with a status."""
        text = self.texts.get(request.text, request.language)
        if text is None or text.state != "approved" or len(request.parameters) != text.variables:
            return 1022, "utility", None
        if (request.button is not None) != text.button or (request.header is not None) != text.header:
            return 1022, text.category, None
        if any(unfit(one) for one in request.parameters) or text.too_long(request.parameters):
            return 1022, text.category, None
        return None, text.category, text.words(request.parameters)

    def questions(self) -> list[tuple[str, Callable[..., Any]]]:
        return [("/v1/users", self._users)]

    def nowhere(self, path: str) -> RefusalError:
        return RefusalError("not-found", f"There is no {path}")

    def accepted(self, request: Request, taken: Taken, empty: bool) -> tuple[int, dict[str, Any]]:
        return 202, {} if empty else {"message_uuid": taken.id}

    def refusal(self, code: Code, details: str, more: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        said = errors.told(code, secrets.token_hex(16), details)
        if where := more.get("where"):
            said["invalid_parameters"] = [{"name": where, "reason": details}]
        return errors.http_status(code), said

    def refusal_in_ok(self, code: Code, details: str, request: Request) -> tuple[int, dict[str, Any]]:
        return 202, self.refusal(code, details, {})[1]

    def _users(self, call: Call) -> dict[str, Any]:
        """Nobody: the application has none. As Vonage's kit for users reads it."""
        here = {"href": f"https://api.nexmo.com{call.path}"}
        return {"page_size": 1, "_embedded": {"users": []}, "_links": {"self": here, "first": here}}
