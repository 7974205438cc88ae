"""The texts of a business that Meta has approved, paused, disabled or rejected."""

import re
from dataclasses import dataclass, replace

from meta import events
from meta.errors import RefusalError
from meta.events import Event
from meta.request import Request

LONGEST_WORDS = 1024
"""Characters, the parameters filled in."""
_PLACE = re.compile(r"\{\{(\d+)\}\}")
_REFUSED = {"PAUSED": 132015, "DISABLED": 132016, "REJECTED": 132001}
"""With what a text is refused that is not APPROVED."""


@dataclass(frozen=True)
class Text:
    """One language of a text."""

    id: int
    variables: int
    body: str | None
    category: str = "UTILITY"
    state: str = "APPROVED"

    def words(self, parameters: tuple[str, ...]) -> str | None:
        """What the person reads, where the body is known."""
        if self.body is None:
            return None
        return _PLACE.sub(lambda found: parameters[int(found[1]) - 1], self.body)


class Texts:
    """By name and language. Each change is an event. Not for several threads at once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Text] = {}

    def approve(self, name: str, language: str, variables: int, body: str | None, at: float) -> Event:
        numbers = {int(found) for found in _PLACE.findall(body or "")}
        assert body is None or numbers == set(range(1, variables + 1)), f"{name} has not the places 1 to {variables}"
        known = self._known.get((name, language))
        identity, category = (known.id, known.category) if known else (10**15 + len(self._known), "UTILITY")
        self._known[name, language] = Text(identity, variables, body, category)
        return self.move(name, language, "APPROVED", "NONE", at)

    def move(self, name: str, language: str, state: str, reason: str, at: float) -> Event:
        text = self._known[name, language] = replace(self._known[name, language], state=state)
        return events.template_status(text.id, name, language, text.category, state, reason, at)

    def recategorize(self, name: str, language: str, category: str) -> Event:
        text = self._known[name, language]
        self._known[name, language] = replace(text, category=category)
        return events.template_category(text.id, name, language, text.category, category)

    def asked(self, request: Request) -> Text:
        """Raises RefusalError unless it can be sent like that."""
        text = self._known.get((request.text, request.language))
        if text is None:
            raise RefusalError(132001, f"template name ({request.text}) does not exist in {request.language}")
        if text.state in _REFUSED:
            raise RefusalError(_REFUSED[text.state])
        given = len(request.parameters)
        if given != text.variables:
            raise RefusalError(
                132000, f"body: number of localizable_params ({given}) does not match the expected ({text.variables})"
            )
        if len(text.words(request.parameters) or "") > LONGEST_WORDS:
            raise RefusalError(132005, f"body: longer than {LONGEST_WORDS} characters")
        return text
