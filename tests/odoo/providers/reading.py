"""Reading what a client sends, as strictly as providers do and a little more: a name that none of them knows is refused."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from providers.events import Code
from providers.refusal import RefusalError
from providers.texts import unfit


@dataclass(frozen=True)
class Reader:
    """With the codes of one provider."""

    shape: Code
    """Something is of another kind than it must be."""
    missing: Code
    """Something is not there."""
    unfit: Code
    """A parameter that no text takes."""

    def object(self, value: Any, where: str, needed: Set[str], more: Set[str] = frozenset()) -> dict[str, Any]:
        """With all that is needed, and nothing that nobody knows."""
        self.demand(isinstance(value, dict), where, f"{where} must be an object")
        for name in sorted(value.keys() - needed - more):
            raise RefusalError(self.shape, f"Unexpected key {name!r} on param {where}", where=f"{where}.{name}")
        for name in sorted(needed - value.keys()):
            raise RefusalError(self.missing, f"The parameter {name} is required on {where}", where=f"{where}.{name}")
        return value

    def list(self, value: Any, where: str) -> list[Any]:
        self.demand(isinstance(value, list), where, f"{where} must be an array")
        return value

    def text(self, value: Any, where: str, code: Code | None = None) -> str:
        self.demand(isinstance(value, str), where, f"{where} must be a string", code)
        return value

    def parameter(self, value: Any, where: str) -> str:
        """What fills a place of a text."""
        text = self.text(value, where, self.unfit)
        self.demand(text.strip(), where, "Parameter of type text is missing text value", self.missing)
        details = "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
        self.demand(not unfit(text), where, details, self.unfit)
        return text

    def demand(self, kept: object, where: str, details: str, code: Code | None = None) -> None:
        """Refuses unless it is so."""
        if not kept:
            raise RefusalError(self.shape if code is None else code, details, where=where)
