"""The texts of a business, as Meta has approved, paused, disabled or rejected them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

LONGEST_WORDS = 1024
"""Characters, the parameters filled in."""
_PLACE = re.compile(r"\{\{(\d+)\}\}")
_UNFIT = re.compile(r"[\n\r\t]| {5}")
"""In a parameter: "cannot have new-line/tab characters or more than 4 consecutive spaces"."""
STATES = ("approved", "pending", "rejected", "paused", "disabled")


@dataclass(frozen=True)
class Text:
    """One language of a text."""

    number: int
    """The how manyeth it is, from 0."""
    name: str
    language: str
    variables: int
    body: str | None
    button: bool = False
    """Whether it has a button whose address ends in a parameter."""
    header: bool = False
    """Whether a document stands above it."""
    category: str = "utility"
    state: str = "approved"
    reason: str | None = None
    """Why it is not approved."""

    def words(self, parameters: tuple[str, ...]) -> str | None:
        """What the person reads, where the body is known."""
        if self.body is None:
            return None
        return _PLACE.sub(lambda found: parameters[int(found[1]) - 1], self.body)

    def too_long(self, parameters: tuple[str, ...]) -> bool:
        """For one message."""
        return len(self.words(parameters) or "") > LONGEST_WORDS


class Texts:
    """By name and language. Not for several threads at once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Text] = {}

    def __iter__(self) -> Iterator[Text]:
        return iter(list(self._known.values()))

    def get(self, name: str, language: str) -> Text | None:
        """None where there is none."""
        return self._known.get((name, language))

    def named(self, name: str) -> list[Text]:
        """In all its languages, the oldest first."""
        return [text for text in self if text.name == name]

    def approve(self, name: str, language: str, variables: int, body: str | None, button: bool, header: bool) -> Text:
        numbers = {int(found) for found in _PLACE.findall(body or "")}
        assert body is None or numbers == set(range(1, variables + 1)), f"{name} has not the places 1 to {variables}"
        known = self._known.get((name, language))
        number, category = (known.number, known.category) if known else (len(self._known), "utility")
        text = Text(number, name, language, variables, body, button, header, category)
        self._known[name, language] = text
        return text

    def move(self, name: str, language: str, state: str, reason: str | None) -> Text:
        assert state in STATES, state
        text = self._known[name, language] = replace(self._known[name, language], state=state, reason=reason)
        return text

    def recategorize(self, name: str, language: str, category: str) -> Text:
        text = self._known[name, language] = replace(self._known[name, language], category=category)
        return text


def unfit(parameter: str) -> bool:
    """Whether Meta refuses it for its line breaks, tabs or blanks."""
    return bool(_UNFIT.search(parameter))
