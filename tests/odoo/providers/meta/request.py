"""What may be sent: a text that Meta has approved, with its parameters, to one person. Everything else is refused.

The shape is that of Meta's OpenAPI (business-messaging-api, `TemplateMessage`), which demands more than the live service
does: `recipient_type` and the language's `policy`, too. A name that it does not know is refused, as Graph does.
"""

import json
import re

from providers import components
from providers.messages import Request
from providers.reading import Reader
from providers.refusal import RefusalError

LONGEST_REFERENCE = 512
"""Characters."""
_TO = re.compile(r"\+?[1-9][0-9]{6,14}")
_READ = Reader(shape=100, missing=131008, unfit=132012)


def parse(content_type: str, raw: bytes) -> Request:
    """Raises RefusalError for what Meta would not take."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise RefusalError(100, f"Content-Type is {content_type!r}, not application/json")
    try:
        body = json.loads(raw)
    except ValueError:
        raise RefusalError(100, "The body is no JSON") from None
    needed = {"messaging_product", "recipient_type", "to", "type", "template"}
    body = _READ.object(body, "body", needed, {"biz_opaque_callback_data"})
    _READ.demand(body["messaging_product"] == "whatsapp", "messaging_product", "messaging_product must be whatsapp")
    _READ.demand(body["recipient_type"] == "individual", "recipient_type", "recipient_type must be individual")
    _READ.demand(body["type"] == "template", "type", "Only type template is known here", 131051)
    to = _READ.text(body["to"], "to")
    _READ.demand(_TO.fullmatch(to), "to", "to is no telephone number", 131009)
    reference = body.get("biz_opaque_callback_data")
    if reference is not None:
        short = len(_READ.text(reference, "biz_opaque_callback_data")) <= LONGEST_REFERENCE
        _READ.demand(short, "biz_opaque_callback_data", "biz_opaque_callback_data is too long")
    template = _READ.object(body["template"], "template", {"name", "language"}, {"components"})
    language = _READ.object(template["language"], "template['language']", {"policy", "code"})
    _READ.demand(language["policy"] == "deterministic", "policy", "template['language']['policy'] must be deterministic")
    filled = components.parse(_READ, template.get("components", []))
    return Request(
        asked=to,
        to=to.removeprefix("+"),
        text=_READ.text(template["name"], "template['name']"),
        language=_READ.text(language["code"], "template['language']['code']"),
        parameters=filled.parameters,
        reference=reference,
        button=filled.button,
        header=filled.header,
    )
