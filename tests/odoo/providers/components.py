"""The parts of a text as Meta's Cloud API takes them, which those that send for others may hand through."""

from dataclasses import dataclass
from typing import Any

from providers.reading import Reader


@dataclass(frozen=True)
class Filled:
    """What fills a text's places."""

    parameters: tuple[str, ...] = ()
    button: str | None = None
    header: tuple[str, str | None] | None = None


def parse(read: Reader, components: Any) -> Filled:
    """Raises RefusalError for what Meta would not take of any text."""
    parameters: tuple[str, ...] = ()
    button, header = None, None
    kinds: list[str] = []
    for component in read.list(components, "template['components']"):
        where = "template['components'][]"
        component = read.object(component, where, {"type"}, {"parameters", "sub_type", "index"})
        kind = read.text(component["type"], f"{where}.type").lower()
        kinds.append(kind)
        given = read.list(component.get("parameters", []), f"{where}.parameters")
        if kind == "body":
            read.object(component, where, {"type"}, {"parameters"})
            parameters = tuple(_text(read, one) for one in given)
        elif kind == "button":
            read.object(component, where, {"type", "sub_type", "index", "parameters"})
            read.demand(component["sub_type"] == "url", f"{where}.sub_type", "Only buttons of sub_type url are known here")
            read.demand(component["index"] in ("0", 0), f"{where}.index", "The text has one button")
            read.demand(len(given) == 1, where, "A button takes one parameter", read.unfit)
            button = _text(read, given[0])
        elif kind == "header":
            read.object(component, where, {"type", "parameters"})
            read.demand(len(given) == 1, where, "A header takes one parameter", read.unfit)
            header = _document(read, given[0])
        else:
            read.demand(False, where, f"The text has no component {kind}", read.unfit)
    read.demand(len(set(kinds)) == len(kinds), "template['components']", "More than one component of a type")
    return Filled(parameters, button, header)


def _text(read: Reader, parameter: Any) -> str:
    parameter = read.object(parameter, "a parameter", {"type", "text"})
    read.demand(parameter["type"] == "text", "a parameter", "The text takes parameters of type text only", read.unfit)
    return read.parameter(parameter["text"], "a parameter")


def _document(read: Reader, parameter: Any) -> tuple[str, str | None]:
    parameter = read.object(parameter, "a parameter", {"type", "document"})
    read.demand(parameter["type"] == "document", "a parameter", "The header is a document", read.unfit)
    document = read.object(parameter["document"], "document", {"link"}, {"filename"})
    link = read.text(document["link"], "document.link")
    read.demand(link.startswith("https://"), "document.link", "The link must be a public https address", read.unfit)
    return link, None if "filename" not in document else read.text(document["filename"], "document.filename")
