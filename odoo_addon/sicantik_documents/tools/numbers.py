"""Numbers of permits in names of files and in texts.

A name of a file has no slashes, and a text breaks lines, so a number is compared by its
parts: runs of letters and digits, in capitals, joined by hyphens. ``503/0002/CTH`` is
``503-0002-CTH``, also as ``503_0002_cth.pdf``. All parts must be there, one after the
other, and nothing is compared by likeness.
"""

import re
from pathlib import PurePath

from odoo.tools import SQL

_PARTS = re.compile(r"[A-Za-z0-9]+")
# What browsers and file managers add to the second file of one name.
_COPY = re.compile(r"\s*\(\d{1,3}\)$")
_DIGIT = re.compile(r"\d")
# Of a number: parts at most, letters and digits at least. Shorter ones stand in texts
# by chance, so they are found only where they are all that a name says.
MOST_PARTS, LEAST_LETTERS = 16, 6
# Of a text; the first two pages of a permit have some hundreds.
MOST_WORDS = 10_000


def key_of(number):
    """How a number is compared."""
    return "-".join(_PARTS.findall(number or "")).upper()


def key_sql(column):
    """The same of a column, as its index has it."""
    parts = SQL("regexp_replace(%s, '[^A-Za-z0-9]+', '-', 'g')", column)
    return SQL("""btrim(upper(%s COLLATE "C"), '-')""", parts)


def keys_in_name(name):
    """``{key: [place]}`` of what may be a number in the name of a file."""
    stem = _COPY.sub("", PurePath(name or "").stem)
    found = keys_in(stem)
    whole = key_of(stem)
    if _DIGIT.search(whole):
        found.setdefault(whole, []).append((0, len(_PARTS.findall(stem))))
    return found


def keys_in(text):
    """``{key: [place]}`` of what may be a number in a text; a place is ``(first part,
    last part)``."""
    words = [word.upper() for word in _PARTS.findall(text or "")[:MOST_WORDS]]
    found = {}
    for first in range(len(words)):
        key = ""
        for last in range(first + 1, min(first + MOST_PARTS, len(words)) + 1):
            key = f"{key}-{words[last - 1]}" if key else words[first]
            letters = len(key) - (last - first - 1)
            if letters >= LEAST_LETTERS and _DIGIT.search(key):
                found.setdefault(key, []).append((first, last))
    return found


def longest(found, known):
    """Of the keys ``known``, those that are more than a part of a longer one:
    ``0002/CTH/2024`` is no number where ``503/0002/CTH/2024`` stands."""
    places = [place for key in known for place in found[key]]

    def stands_alone(place):
        first, last = place
        return not any(
            (other[0] <= first and last <= other[1]) and other != place
            for other in places
        )

    return {key for key in known if any(map(stands_alone, found[key]))}
