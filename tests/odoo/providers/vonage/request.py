"""What may be sent: a template by its name to one person, or what Meta takes as Meta takes it (`custom`).

The shape is that of `vonage-messages`' `WhatsappTemplate` and `WhatsappCustom`. A name that they do not know is refused.
"""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from providers import components
from providers.components import Filled
from providers.messages import Request
from providers.reading import Reader
from providers.refusal import RefusalError

_NUMBER = re.compile(r"[1-9][0-9]{6,14}")
_LONGEST_REFERENCE = 100
"""Characters."""
_COMMON = {"channel", "message_type", "to", "from"}
_MORE = {"client_ref", "webhook_url", "webhook_version", "context"}
_READ = Reader(shape=1020, missing=1010, unfit=1022)


def parse(content_type: str, raw: bytes) -> tuple[Request, str]:
    """The message and from whom it comes. Raises RefusalError for what Vonage would not take."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise RefusalError(1020, f"Content-Type is {content_type!r}, not application/json")
    try:
        body = json.loads(raw)
    except ValueError:
        raise RefusalError(1020, "The body is no JSON") from None
    kind = body.get("message_type") if isinstance(body, dict) else None
    parts = {"template": {"template", "whatsapp"}, "custom": {"custom"}}.get(kind, set())
    body = _READ.object(body, "body", _COMMON | parts, _MORE)
    _READ.demand(parts, "message_type", f"message_type {kind!r} is not known here")
    _READ.demand(body["channel"] == "whatsapp", "channel", "channel must be whatsapp")
    to, sender = _READ.text(body["to"], "to"), _READ.text(body["from"], "from")
    _READ.demand(_NUMBER.fullmatch(to), "to", "to is no number, without + and in digits", 1170)
    reference, receipts = body.get("client_ref"), body.get("webhook_url")
    if reference is not None:
        fits = len(_READ.text(reference, "client_ref")) <= _LONGEST_REFERENCE
        _READ.demand(fits, "client_ref", "client_ref is too long")
    if receipts is not None:
        parts_of_it = urlsplit(_READ.text(receipts, "webhook_url"))
        _READ.demand(parts_of_it.scheme in ("http", "https") and parts_of_it.hostname, "webhook_url", "no address")
        _READ.demand(body.get("webhook_version") in (None, "v1"), "webhook_version", "webhook_version must be v1")
    name, language, filled = _template(body) if kind == "template" else _custom(body["custom"])
    request = Request(
        asked=to,
        to=to,
        text=name,
        language=language,
        parameters=filled.parameters,
        reference=reference,
        button=filled.button,
        header=filled.header,
        receipts=receipts,
    )
    return request, sender


def _template(body: dict[str, Any]) -> tuple[str, str, Filled]:
    """A name may come with its namespace before a colon. What fills its places, Meta looks at later."""
    template = _READ.object(body["template"], "template", {"name"}, {"parameters"})
    settings = _READ.object(body["whatsapp"], "whatsapp", {"locale"}, {"policy"})
    _READ.demand(settings.get("policy", "deterministic") == "deterministic", "whatsapp.policy", "policy must be deterministic")
    given = _READ.list(template.get("parameters", []), "template.parameters")
    parameters = tuple(_READ.text(one, "template.parameters[]") for one in given)
    _READ.demand(all(one.strip() for one in parameters), "template.parameters[]", "A parameter is empty", 1022)
    name = _READ.text(template["name"], "template.name").rpartition(":")[2]
    return name, _READ.text(settings["locale"], "whatsapp.locale"), Filled(parameters)


def _custom(custom: Any) -> tuple[str, str, Filled]:
    custom = _READ.object(custom, "custom", {"type", "template"})
    _READ.demand(custom["type"] == "template", "custom.type", "Only type template is known here")
    template = _READ.object(custom["template"], "custom.template", {"name", "language"}, {"namespace", "components"})
    language = _READ.object(template["language"], "custom.template.language", {"policy", "code"})
    _READ.demand(language["policy"] == "deterministic", "policy", "policy must be deterministic")
    filled = components.parse(_READ, template.get("components", []))
    name = _READ.text(template["name"], "custom.template.name")
    return name, _READ.text(language["code"], "custom.template.language.code"), filled
