"""The e-mail addresses in a field in which people may have written anything.

Whatever may be a part of an address, or says something of it, leaves none: a wrong one
is another person's.
"""

import re

from odoo.tools import email_normalize

from odoo.addons.sicantik_connector.tools.phone_number import LABELS
from odoo.addons.sicantik_connector.tools.text import QUOTES, typed

# The end in capitals or not: in ``x.comHP`` something else begins.
ADDRESS = re.compile(r"\w[\w.+'-]*@(?:[\w-]+\.)+(?:[A-Za-z][a-z]+|[A-Z]{2,})")
SEPARATORS = ";,/|&\n"
BETWEEN = re.compile(r"[ :=<>()\[\]{\"]*([;,/|&\n])|[ :=<>(\[{\"]+")
# ``Budi, S.H. <budi@x.id>``, ``Budi (budi@x.id)``: a name, and an address in brackets.
NAMED = re.compile(
    r"(?:^|(?<=[;,/|&\n>)]))(?:\s*\"[^\"]*\")?([^<>@;|\n]*)"
    r"[<(\[]\s*([^\s<>()\[\]]+@[^\s<>()\[\]]+)\s*[>)\]]"
)
LINK = re.compile(r"mailto:([^\s?;,>]*)(?:\?[^\s;,>]*)?", re.IGNORECASE)
NOTHING = re.compile(
    r"(^|[;,/|&\n])\s*(?:tidak ada|belum ada|tidak punya|kosong|nihil|none|n/a|-)+\s*"
    r"(?=$|[;,/|&\n])",
    re.IGNORECASE,
)
REFUSED = re.compile(
    r"\b(?:tidak|tdk|jangan|bukan|salah|non|nonaktif|mati)\b", re.IGNORECASE
)
# What may stand beside an address, apart from telephone numbers.
KNOWN = LABELS | set("EMAIL MAIL SUREL ALAMAT DAN ATAU SERTA AND OR".split())
# Digits of a telephone number; fewer before an address may be a part of it.
SHORTEST_NUMBER = 7


def addresses_in(text):
    """Each address once, normalised, in its order; what is none is left out.

    ``"a@x.id; Budi <b@x.id>"`` has two, ``"none"`` has none. A word beside an address
    that is neither a label nor the name before a bracket leaves it out: in ``"budi
    santoso@x.id"`` it belongs to the address, in ``"a@x.id tidak aktif"`` it says that
    nobody reads it.
    """
    found, doubted, before = [], set(), []
    for token in _tokens(typed(text or "")):
        if "@" not in token:
            if found and _is_word(token):
                doubted.add(found[-1])
            before.append(token)
            continue
        address = _address(token)
        if address and _goes_on(before):
            doubted.add(address)
        found.append(address)
        before = [] if address else [token]
    return [one for one in dict.fromkeys(found) if one and one not in doubted]


def _tokens(text):
    """The words and separators of a text, without names before brackets and words for
    nothing."""
    text = NAMED.sub(_without_name, LINK.sub(r"\1", text))
    return [part for part in BETWEEN.split(NOTHING.sub(r"\1", text)) if part]


def _without_name(match):
    name, address = match.groups()
    return f"{name if REFUSED.search(name) else ';'} {address} "


def _address(token):
    """The one address that ``token`` is, else nothing."""
    token = token.strip(f"{QUOTES}.:-*!?>)]}}")
    return ADDRESS.fullmatch(token) and email_normalize(token)


def _goes_on(before):
    """Whether what stands before an address may be its beginning: a word, half an
    address, or a few digits that are no place in a list (``1.``, ``2)``)."""
    if any(map(_is_word, before)) or "@" in "".join(before[-1:]):
        return True
    digits = re.sub("[^0-9]", "", "".join(before))
    listed = not before or before[-1][-1:] in (".", ")")
    return 0 < len(digits) < SHORTEST_NUMBER and not listed


def _is_word(token):
    """Whether a token has letters, and is no label."""
    words = re.split(r"[\W\d_]+", token.upper().replace("E-MAIL", "EMAIL"))
    touches = re.search(r"[^\W\d_][0-9]|[0-9][^\W\d_]", token)
    return "@" not in token and any(
        word and (touches or word not in KNOWN) for word in words
    )
