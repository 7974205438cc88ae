"""What may be sent: a text that Meta has approved, with its parameters, to one person. Everything else is refused.

The shape is that of Meta's OpenAPI (business-messaging-api, `TemplateMessage`), which demands more than the live service
does: `recipient_type` and the language's `policy`, too. A name that it does not know is refused, as Graph does.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from meta.errors import RefusalError

LONGEST_REFERENCE = 512
"""Characters."""
_TO = re.compile(r"\+?[1-9][0-9]{6,14}")
_UNFIT = re.compile(r"[\n\r\t]| {5}")
"""In a parameter: "cannot have new-line/tab characters or more than 4 consecutive spaces"."""


@dataclass(frozen=True)
class Request:
    """A message as the client asked for it."""

    asked: str
    """To whom, as it was written."""
    text: str
    language: str
    parameters: tuple[str, ...]
    reference: str | None
    """`biz_opaque_callback_data`, which comes back with each status."""

    @property
    def to(self) -> str:
        return self.asked.removeprefix("+")


def parse(content_type: str, raw: bytes) -> Request:
    """Raises RefusalError for what Meta would not take."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise RefusalError(100, f"Content-Type is {content_type!r}, not application/json")
    try:
        body = json.loads(raw)
    except ValueError:
        raise RefusalError(100, "The body is no JSON") from None
    needed = {"messaging_product", "recipient_type", "to", "type", "template"}
    body = _object(body, "body", needed, {"biz_opaque_callback_data"})
    _demand(body["messaging_product"] == "whatsapp", 100, "messaging_product must be whatsapp")
    _demand(body["recipient_type"] == "individual", 100, "recipient_type must be individual")
    _demand(body["type"] == "template", 131051, "Only type template is known here")
    to = _text(body["to"], "to")
    _demand(_TO.fullmatch(to), 131009, "to is no telephone number")
    reference = body.get("biz_opaque_callback_data")
    if reference is not None:
        _demand(
            len(_text(reference, "biz_opaque_callback_data")) <= LONGEST_REFERENCE, 100, "biz_opaque_callback_data is too long"
        )
    template = _object(body["template"], "template", {"name", "language"}, {"components"})
    language = _object(template["language"], "template['language']", {"policy", "code"})
    _demand(language["policy"] == "deterministic", 100, "template['language']['policy'] must be deterministic")
    return Request(
        asked=to,
        text=_text(template["name"], "template['name']"),
        language=_text(language["code"], "template['language']['code']"),
        parameters=_parameters(template.get("components", [])),
        reference=reference,
    )


def _parameters(components: Any) -> tuple[str, ...]:
    found: list[str] = []
    bodies = 0
    for component in _list(components, "template['components']"):
        component = _object(component, "template['components'][]", {"type"}, {"parameters"})
        kind = _text(component["type"], "type of a component").lower()
        _demand(kind == "body", 132012, f"The text has no component {kind}")
        bodies += 1
        for parameter in _list(component.get("parameters", []), "parameters of a component"):
            parameter = _object(parameter, "a parameter", {"type", "text"})
            _demand(parameter["type"] == "text", 132012, "The text takes parameters of type text only")
            text = _text(parameter["text"], "a parameter", 132012)
            _demand(text.strip(), 131008, "Parameter of type text is missing text value")
            _demand(
                not _UNFIT.search(text),
                132012,
                "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
            )
            found.append(text)
    _demand(bodies <= 1, 100, "More than one component of type body")
    return tuple(found)


def _object(value: Any, where: str, needed: set[str], more: set[str] = frozenset()) -> dict[str, Any]:
    _demand(isinstance(value, dict), 100, f"{where} must be an object")
    for name in sorted(value.keys() - needed - more):
        raise RefusalError(100, f"Unexpected key {name!r} on param {where}")
    for name in sorted(needed - value.keys()):
        raise RefusalError(131008, f"The parameter {name} is required on {where}")
    return value


def _list(value: Any, where: str) -> list[Any]:
    _demand(isinstance(value, list), 100, f"{where} must be an array")
    return value


def _text(value: Any, where: str, code: int = 100) -> str:
    _demand(isinstance(value, str), code, f"{where} must be a string")
    return value


def _demand(kept: object, code: int, details: str) -> None:
    if not kept:
        raise RefusalError(code, details)
