"""Texts with ``{{1}}`` … ``{{n}}``, as Meta takes them. No Odoo in here."""

import re

PLACEHOLDER = re.compile(r"\{\{([0-9]+)\}\}")
# At most so many characters, values included.
LONGEST_BODY = 1024
# One value, as the worker cuts it.
LONGEST_VALUE = 200
# Pictures and signs that the providers refuse in utility texts.
EMOJI = re.compile("[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]")
# Only these stand between two placeholders, or behind the last one.
NO_WORD = re.compile(r"[\s.,;:!?\-–—()\"'“”/]*")


def numbers_in(body):
    """The numbers of the placeholders, in their order."""
    return [int(number) for number in PLACEHOLDER.findall(body or "")]


def problem_of_body(body, variables):
    """Name what is wrong with a text of so many variables, or return None.

    One of ``empty``, ``long``, ``emoji``, ``count``, ``braces``, ``edge``, ``beside``.
    """
    body = (body or "").strip()
    if not body:
        return "empty"
    if len(body) > LONGEST_BODY:
        return "long"
    if EMOJI.search(body):
        return "emoji"
    if numbers_in(body) != list(range(1, variables + 1)):
        return "count"
    between = PLACEHOLDER.split(body)[::2]
    if any("{{" in part or "}}" in part for part in between):
        return "braces"
    if variables and (_is_bare(between[0]) or _is_bare(between[-1])):
        return "edge"
    if any(not part.strip() for part in between[1:-1]):
        return "beside"
    return None


def _is_bare(part):
    return bool(NO_WORD.fullmatch(part))


def cleaned(value):
    """A value as every provider takes it: on one line, single blanks, not too long."""
    words = "".join(c if c.isprintable() else " " for c in str(value)).split()
    text = EMOJI.sub("", " ".join(words)).strip()
    if len(text) <= LONGEST_VALUE:
        return text
    return text[: LONGEST_VALUE - 1].rstrip() + "…"


def filled(body, values):
    """``body`` with the values in it; a hyphen stands for an empty one, as when it goes
    out. A placeholder without a value stays."""

    def value_of(match):
        place = int(match[1]) - 1
        return (values[place] or "-") if 0 <= place < len(values) else match[0]

    return PLACEHOLDER.sub(value_of, body or "")
