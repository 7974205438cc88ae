"""Texts as the worker cleans and compares them (src/domain/text.rs). Both are held to
tests/vectors.json. No Odoo in here.
"""

import re
import unicodedata

# What Unicode calls white space; Python's own idea of it has four control characters
# more.
BLANKS = re.compile(
    r"[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"
)
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# Format characters (category Cf), what else Unicode tells programs to leave out where
# they cannot show it (joiners, fillers, variation selectors), and the empty Braille
# pattern.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u115f-\u1160"
    "\u17b4-\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Unicode's dashes (category Pd), and what else looks like one.
DASHES = re.compile(
    "[\u02d7\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u207b\u2212\u2796\u2e17\u2e1a"
    "\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0\ufe31\ufe32\ufe58\ufe63\uff0d\U00010ead]"
)
# What spreadsheets, and who fills them, put around digits: '0812…, ="0812…".
QUOTES = "'\"`=\u00b4" + "".join(map(chr, range(0x2018, 0x2020)))
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
NOTHING = ("null", "n/a")


def tidy(text):
    """The text as a person should read it: blanks of every kind become one space,
    control characters and what nobody can see go, letters with marks are composed."""
    words = (
        INVISIBLE.sub("", CONTROLS.sub("", word)) for word in BLANKS.split(text or "")
    )
    return unicodedata.normalize("NFC", " ".join(word for word in words if word))


def fold(text):
    """The text as it is compared: tidy and upper case."""
    return unicodedata.normalize("NFC", tidy(text).upper())


def typed(text):
    """Numbers as a keyboard types them: plain digits and signs for full-width ones,
    ``-`` for every dash, a space for every blank but the end of a line; control
    characters and what nobody can see go."""
    lines = re.split("[\n\r]", text or "")
    lines = (
        CONTROLS.sub("", BLANKS.sub(lambda blanks: " " * len(blanks[0]), line))
        for line in lines
    )
    plain = DASHES.sub("-", INVISIBLE.sub("", "\n".join(lines)))
    return plain.translate(FULL_WIDTH)


def is_blank_mark(text):
    """Whether a text stands for nothing: empty, zeros and punctuation only (``0``,
    ``-``), ``NULL`` or ``N/A``."""
    meant = [at for at, char in enumerate(text) if char.isalnum()]
    core = text[meant[0] : meant[-1] + 1] if meant else ""
    return all(text[at] == "0" for at in meant) or core.lower() in NOTHING
