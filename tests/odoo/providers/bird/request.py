"""What may be sent: a template by its slug, filled in, from one of the workspace's numbers to one person.

The shape is that of `WhatsAppMessageSendRequest` in Bird's kit. A name that it does not know is refused.
"""

import json
import re
from typing import Any

from providers.components import Filled
from providers.messages import Request
from providers.reading import Reader
from providers.refusal import RefusalError

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_SLUG = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?")
_LONGEST_SLUG, _LONGEST_NAME, _MOST_TAGS, _LONGEST_METADATA = 63, 100, 20, 2048
"""The last one in bytes."""
_CONTENT = {"text", "image", "video", "audio", "sticker", "document", "location", "interactive", "contact_cards"}
_READ = Reader(shape="validation_error", missing="validation_error", unfit="validation_error")


def parse(content_type: str, raw: bytes, sender: str) -> Request:
    """Raises RefusalError for what Bird would not take. The language is empty where none was asked for."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise RefusalError("bad_request_error", f"Content-Type is {content_type!r}, not application/json")
    try:
        body = json.loads(raw)
    except ValueError:
        raise RefusalError("bad_request_error", "The body is no JSON") from None
    body = _READ.object(body, "body", {"to", "template"}, {"from", "tags", "metadata"} | _CONTENT)
    _READ.demand(not body.keys() & _CONTENT, "body", "A message carries exactly one kind of content, here a template")
    to = _READ.text(body["to"], "to")
    _READ.demand(_NUMBER.fullmatch(to), "to", "to is no number in E.164 format")
    _READ.demand(body.get("from") == sender, "from", "from is no connected number of this workspace")
    tags = _READ.list(body.get("tags", []), "tags")
    _READ.demand(len(tags) <= _MOST_TAGS, "tags", f"more than {_MOST_TAGS} tags")
    for tag in tags:
        _READ.object(tag, "tags[]", {"name", "value"})
    metadata = json.dumps(body["metadata"], ensure_ascii=False) if "metadata" in body else None
    fits = metadata is None or (isinstance(body["metadata"], dict) and len(metadata.encode()) <= _LONGEST_METADATA)
    _READ.demand(fits, "metadata", f"metadata must be an object of at most {_LONGEST_METADATA} bytes")
    template = _READ.object(body["template"], "template", {"slug"}, {"language", "components"})
    slug = _READ.text(template["slug"], "template.slug")
    _READ.demand(_SLUG.fullmatch(slug) and len(slug) <= _LONGEST_SLUG, "template.slug", "no slug")
    filled = _components(template.get("components", []))
    return Request(
        asked=to,
        to=to.removeprefix("+"),
        text=slug,
        language=_READ.text(template.get("language", ""), "template.language").replace("_", "-"),
        parameters=filled.parameters,
        reference=metadata,
        button=filled.button,
        header=filled.header,
    )


def _components(components: Any) -> Filled:
    parameters: tuple[str, ...] = ()
    button, header = None, None
    kinds: list[str] = []
    for component in _READ.list(components, "template.components"):
        component = _READ.object(component, "template.components[]", {"type", "parameters"})
        kind = _READ.text(component["type"], "type of a component")
        kinds.append(kind)
        given = _READ.list(component["parameters"], "parameters of a component")
        _READ.demand(kind == "body" or len(given) == 1, "parameters of a component", f"a {kind} takes one parameter")
        if kind == "body":
            parameters = tuple(_text(one) for one in given)
        elif kind == "button":
            button = _text(given[0])
        elif kind == "header":
            header = _document(given[0])
        else:
            _READ.demand(False, "type of a component", f"There is no component {kind}")
    _READ.demand(len(set(kinds)) == len(kinds), "template.components", "More than one component of a type")
    return Filled(parameters, button, header)


def _text(parameter: Any) -> str:
    parameter = _READ.object(parameter, "a parameter", {"type", "text"})
    _READ.demand(parameter["type"] == "text", "a parameter", "The text takes parameters of type text only")
    return _READ.parameter(parameter["text"], "a parameter")


def _document(parameter: Any) -> tuple[str, str | None]:
    parameter = _READ.object(parameter, "a parameter", {"type", "url"}, {"filename"})
    _READ.demand(parameter["type"] == "document", "a parameter", "The header is a document")
    url = _READ.text(parameter["url"], "url")
    _READ.demand(url.startswith("https://"), "url", "The url must be a public https address")
    name = parameter.get("filename")
    fits = name is None or 1 <= len(_READ.text(name, "filename")) <= _LONGEST_NAME
    _READ.demand(fits, "filename", f"filename is not from 1 to {_LONGEST_NAME} characters long")
    return url, name
