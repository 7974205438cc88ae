"""What Bird answers: to messages, of which it takes none twice that come with the same key, and to questions."""

import hmac
import json
from collections.abc import Callable
from email.message import Message
from http import HTTPStatus
from typing import Any, ClassVar

from providers.bird import errors, resources
from providers.bird.events import address, moment, named
from providers.bird.request import parse
from providers.events import Code
from providers.limits import Kind
from providers.messages import Call, Request, Taken
from providers.refusal import RefusalError
from providers.server import Reply
from providers.service import Service as Common
from providers.texts import Text

_MESSAGES, _TEMPLATES, _NUMBERS = "/v1/whatsapp/messages", "/v1/whatsapp/templates", "/v1/whatsapp/numbers"
_LONGEST_KEY = 255


class Service(Common):
    """Of one workspace."""

    LIMIT_CODES: ClassVar[dict[Kind, Code]] = {"rate": "rate_limit_error", "pair": 131056, "people": 131064}
    TOLD_LATER: ClassVar = frozenset({"pair", "people"})
    NOT_ON_WHATSAPP: ClassVar = 131026

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._keys: dict[str, tuple[bytes, Reply | None]] = {}
        """The body that came with an Idempotency-Key, and what was answered; None: it is under way."""

    def admit(self, call: Call) -> None:
        scheme, _, token = call.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not hmac.compare_digest(token.encode(), self.token.encode()):
            raise RefusalError("auth_error")

    def post(self, path: str, headers: Message, raw: bytes) -> Reply:
        """What comes again with its key is answered again, and taken once; but for what failed on Bird's side."""
        key = headers.get("Idempotency-Key")
        if key is None or not self._is_known(headers):
            return super().post(path, headers, raw)
        with self._changed:
            before, reply = self._keys.get(key, (raw, None))
            if key in self._keys and (reply is None or before != raw):
                refusal = RefusalError("conflict_error", "This Idempotency-Key belongs to another request or one under way")
                return self._refuse(refusal, None)
            if reply:
                return reply
            self._keys[key] = (raw, None)
        reply = super().post(path, headers, raw)
        with self._changed:
            del self._keys[key]
            if reply.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                self._keys[key] = (raw, Reply(*(reply.meant or (reply.status, reply.body))))
        return reply

    def read(self, call: Call, raw: bytes) -> Request:
        if call.path != _MESSAGES:
            raise self.nowhere(call.path)
        key = call.headers.get("Idempotency-Key")
        if key is not None and not 1 <= len(key) <= _LONGEST_KEY:
            raise RefusalError("bad_request_error", "Idempotency-Key is too long")
        return parse(call.headers.get("Content-Type", ""), raw, f"+{self.number.digits}")

    def judge(self, request: Request) -> tuple[Code | None, str, str | None]:
        found = self.texts.named(request.text)
        texts = [text for text in found if request.language in ("", resources.tag(text))]
        if not found:
            raise RefusalError("validation_error", f"There is no template {request.text}", where="template.slug")
        if not texts or texts[0].state != "approved":
            raise RefusalError("validation_error", "The template has no approved copy", where="template.language")
        text = texts[0]
        given = len(request.parameters)
        if given != text.variables:
            raise RefusalError("validation_error", f"{given} values, not {text.variables}", where="template.components")
        if (request.button is not None) != text.button or (request.header is not None) != text.header:
            raise RefusalError("validation_error", "not the template's parts", where="template.components")
        return (132005 if text.too_long(request.parameters) else None), text.category, text.words(request.parameters)

    def questions(self) -> list[tuple[str, Callable[..., Any]]]:
        return [
            (_TEMPLATES, self._templates),
            (rf"{_TEMPLATES}/([^/]+)", self._one_template),
            (rf"{_TEMPLATES}/([^/]+)/versions/([^/]+)/languages/([^/]+)", self._one_language),
            (_NUMBERS, self._numbers),
            (rf"{_NUMBERS}/([^/]+)", self._one_number),
            (rf"{_MESSAGES}/([^/]+)", self._one_message),
        ]

    def nowhere(self, path: str) -> RefusalError:
        return RefusalError("not_found_error", f"There is no {path}")

    def accepted(self, request: Request, taken: Taken, empty: bool) -> tuple[int, dict[str, Any]]:
        said = self._message(taken)
        return 202, {name: value for name, value in said.items() if not empty or name != "id"}

    def refusal(self, code: Code, details: str, more: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        request_id = named("req")
        error: dict[str, Any] = {"type": code, "code": str(code).removesuffix("_error"), "message": details or errors.title(code)}
        error |= {"doc_url": f"https://bird.com/docs/errors/{code}", "request_id": request_id}
        if where := more.get("where"):
            error |= {"param": where, "details": [{"param": where, "message": details}]}
        return errors.http_status(code), {"error": error}

    def advice(self, code: Code) -> dict[str, str]:
        return {"Retry-After": "1"} if code == "rate_limit_error" else {}

    def refusal_in_ok(self, code: Code, details: str, request: Request) -> tuple[int, dict[str, Any]]:
        """The message exists, and was rejected already."""
        at = self.clock()
        taken = Taken(
            self.dialect.message_id(""), request.to, request.text, request.language, request.parameters, None, at, None, "utility"
        )
        return 202, self._message(taken) | {"status": "rejected", "last_error": errors.told(code, moment(at))}

    def _is_known(self, headers: Message) -> bool:
        try:
            self.admit(Call("POST", "", {}, headers))
        except RefusalError:
            return False
        return True

    def _message(self, taken: Taken) -> dict[str, Any]:
        body = [{"type": "text", "text": text} for text in taken.parameters]
        template = {"slug": taken.text, "category": taken.category, "language": taken.language or "id"}
        return {
            "id": taken.id,
            "direction": "outbound",
            "from": {"phone_number": f"+{self.number.digits}"},
            "to": address(self.people.person(taken.to).contact),
            "template": template | {"components": [{"type": "body", "parameters": body}]},
            "status": "accepted",
            "created_at": moment(taken.at),
            "sent_at": None,
            "delivered_at": None,
            "read_at": None,
            "cost": None,
            "tags": None,
            "metadata": json.loads(taken.reference) if taken.reference else None,
        }

    def _templates(self, call: Call) -> dict[str, Any]:
        named: dict[str, list[Text]] = {}
        for text in self.texts:
            if call.asked("q") in text.name:
                named.setdefault(text.name, []).append(text)
        return resources.page(call, [resources.template(texts) for texts in named.values()])

    def _one_template(self, call: Call, reference: str) -> dict[str, Any] | None:
        texts = self._texts(reference)
        return resources.template(texts) if texts else None

    def _one_language(self, call: Call, reference: str, version: str, language: str) -> dict[str, Any] | None:
        texts = [text for text in self._texts(reference) if (named("wav", text.name), resources.tag(text)) == (version, language)]
        return resources.language(texts[0]) if texts else None

    def _texts(self, reference: str) -> list[Text]:
        return [text for text in self.texts if reference in (text.name, named("wat", text.name))]

    def _number(self) -> dict[str, Any]:
        number = f"+{self.number.digits}"
        return resources.number(number, self.identity, self.quality_rating, self.ledger.limits.tier, self.clock())

    def _numbers(self, call: Call) -> dict[str, Any]:
        wanted = call.asked("phone_number") in ("", f"+{self.number.digits}")
        return resources.page(call, [self._number()] if wanted else [])

    def _one_number(self, call: Call, identity: str) -> dict[str, Any] | None:
        number = self._number()
        return number if number["id"] == identity else None

    def _one_message(self, call: Call, identity: str) -> dict[str, Any] | None:
        return next((self._message(taken) for taken in self.taken if taken.id == identity), None)
