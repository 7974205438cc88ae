"""Telephone numbers as people in Indonesia write them, read as the worker does
(src/domain/phone_number.rs, numbering_plan.rs). Both are held to tests/vectors.json. No
Odoo in here.

Digits that may belong to something else (a spreadsheet's decimals, a count, an
extension) leave no number: a wrong one is another person's.
"""

import re
from collections import namedtuple

from .text import QUOTES, typed

# ``key``: the number in E.164 by which it is compared, ``None`` for none. ``state``:
# mobile, foreign, landline, service, invalid or none.
Number = namedtuple("Number", ["key", "state"])
NONE, INVALID = Number(None, "none"), Number(None, "invalid")
REACHED = ("mobile", "foreign", "landline")

# Words beside a number, and between two of them.
LABELS = frozenset(
    "TLP TLPN TELP TELEPON TELPON TEL HP NO NOMOR WA WHATSAPP PHONE MOBILE HANDPHONE "
    "PONSEL SELULER KONTAK".split()
)
BETWEEN = ("ATAU", "DAN")
SEPARATORS = "/,;&|\n"

# The link of a chat names its number with the country code and without a plus.
CHAT = re.compile(r"wa\.me/|send/?\?phone=", re.IGNORECASE | re.ASCII)
IN_CHAT = re.compile(r"([0-9+]+)(?![^?&/#])")

PLAIN = re.compile(r"[0-9 \-.():]*\+?[0-9 \-.():]*")
DECIMALS = re.compile(r"(\+*[0-9]*)\.0+")
GROUP = re.compile(r"([^0-9]*)([0-9]+)")
# Nobody has such a number; it is typed where one is demanded.
PLACEHOLDER = re.compile(r"([0-9])\1{6}")

MOBILE = re.compile(r"8[1-35-9][0-9]{7,10}")
# An area code and a local part, which begins with no zero; that of 062x has at most
# seven digits: one with more is 62 once more, and Jakarta.
LANDLINE = re.compile(
    r"(?!62[0-9]{9})(?:(?:2[124]|31|61)[1-9][0-9]{5,8}"
    r"|(?!2[124]|31|61)[2-79][0-9]{2}[1-9][0-9]{4,7})"
)
SERVICE = re.compile(r"80[0-9]{6,9}|1[0-9]{2,10}")
# The country code once more.
TWICE = re.compile(r"620?(8[1-35-9][0-9]{7,10})")
# 00812… is 0812… with a zero too many, or Japan; 00862812… is 008, a carrier's prefix,
# or China; 0020812… is a place in a list and 0812…, or Egypt.
AT_HOME = re.compile(r"(?:[0-9](?:620?|0))?8[1-35-9][0-9]{7,10}")
# Before more digits than a country code behind two zeros has, brackets and colons hold
# what is no part of the number.
LONGEST_CODE = 5
# Numbers of these lengths only; of +8… only mobile ones: that is where an Indonesian
# number lands whose 62 was forgotten.
ABROAD = re.compile(
    r"1[0-9]{10}|7[0-9]{10}|60[0-9]{8,10}|65[0-9]{8}"
    r"|81[789]0[0-9]{8}|8210[0-9]{8}|84[0-9]{9,10}|852[45679][0-9]{7}|8536[0-9]{7}"
    r"|855[0-9]{8,9}|85620[0-9]{8}|861[0-9]{10}|8801[0-9]{9}|8869[0-9]{8}"
    r"|(?!1|7|60|65|8|0)[0-9]{8,13}"
)


def read_phone(text):
    """The one number of a text as a ``Number``: *none* where there is none, *invalid*
    where there are several, or something that is no number."""
    meant = set(read_phones(text)) - {NONE}
    return meant.pop() if len(meant) == 1 else INVALID if meant else NONE


def read_phones(text):
    """What each part of a text says, as ``[Number]``."""
    words = [_unlinked(word) for word in typed(text).replace("\n", " \n ").split(" ")]
    return [_read_one(piece) for piece in _pieces(" ".join(words))]


def phone_key(number):
    """The number in E.164 (``+62…``), ``False`` when it is none, or several.

    A number without a country code is taken as Indonesian.
    """
    return read_phone(number).key or False


def shown_phone(text):
    """The one number of a text for a person to read and to dial: as it was written,
    in E.164 where anything else stands beside it, ``False`` for none."""
    key = phone_key(text)
    written = typed(text).strip()
    plain = PLAIN.fullmatch(written) and not DECIMALS.fullmatch(written)
    return written if key and plain else key


def _unlinked(word):
    """The number in a link (``tel:``, ``https://wa.me/62…``) in place of the link."""
    if word[:4].lower() == "tel:":
        return re.split("[;?]", word[4:])[0]
    link = CHAT.search(word)
    found = link and IN_CHAT.match(word, link.end())
    if not found:
        return word
    return found[1] if found[1][0] in "+0" else f"+{found[1]}"


def _pieces(text):
    """The numbers of a text, each without the words around it. A word that touches a
    digit, or that is unknown, stays and spoils its number."""
    pieces = [""]
    for start, token in _tokens(text):
        behind = start + len(token)
        beside = text[max(start - 1, 0) : start] + text[behind : behind + 1]
        touches = token[0].isalpha() and re.search("[0-9]", beside)
        if token in SEPARATORS or (not touches and token.upper() in BETWEEN):
            pieces.append("")
        elif touches or token.upper() not in LABELS:
            pieces[-1] += token
    return pieces


def _tokens(text):
    """``(start, token)`` of each word and of each other character."""
    start = 0
    for end in range(1, len(text) + 1):
        if not text[end - 1 : end + 1].isalpha() or end == len(text):
            yield start, text[start:end]
            start = end


def _read_one(piece):
    piece = piece.strip(f" {QUOTES}")
    if decimals := DECIMALS.fullmatch(piece):
        piece = decimals[1]
    groups = GROUP.findall(piece)
    digits = _joined(groups)
    if not digits.strip("0"):
        return NONE
    plus = "+" in piece
    if (
        not PLAIN.fullmatch(piece)
        or (plus and re.search("[0-9]", piece.partition("+")[0]))
        or PLACEHOLDER.search(digits)
        or _says_more(plus, groups)
    ):
        return INVALID
    return _number(plus, digits)


def _says_more(plus, groups):
    """Whether some of the digits may be no part of the number: a place in a list before
    it, the country code once more, what is bracketed behind it, or up to three digits
    behind it (a count, an extension) where it would be a number without them. Digits in
    even groups are one number."""
    if len(groups) < 2:
        return False
    first, (separator, last) = groups[0][1], groups[-1]
    if _is_twice_abroad(groups) or _is_bracketed_behind(groups):
        return True
    if not plus and (_is_listed(groups) or _is_zero_behind_code(groups)):
        return True
    # One or two digits behind a number that is too short.
    if len(last) <= 2 and len(groups[-2][1]) >= 7:
        return True
    if len(last) > 3 or _number(plus, _joined(groups[:-1])).state not in REACHED:
        return False
    between = groups[1:-1]
    evenly = (
        between
        and between[-1][0] == separator
        and len(first) <= 4
        and all(len(group) <= len(last) for _separator, group in between)
    )
    return not evenly


def _is_listed(groups):
    """Whether the first group may be a place in a list, because the rest is a number.
    Of ``001`` to ``009`` two name a country, the United States and Russia."""
    first, rest = groups[0][1], _joined(groups[1:])
    is_place = len(first) < 3 or (len(first) == 3 and first[0] == "0")
    if not is_place or first in ("0", "00", "62"):
        return False
    state = _number(False, rest).state
    if len(first) < 3:
        return state == "mobile" or (state == "landline" and rest[0] == "0")
    if first[1] == "0":
        is_number = state == "mobile" or rest.startswith(("0", "62"))
        return is_number or first not in ("001", "007")
    return rest[0] == "0" and state in ("mobile", "landline")


def _is_zero_behind_code(groups):
    """Whether a number of two zeros and a country code goes on with a zero, which is
    that of another number: only behind 62 people write it."""
    code, *behind = [group for _separator, group in groups]
    if code == "00":
        code += behind.pop(0)
    is_code = code[:2] == "00" and code != "0062" and len(code) <= LONGEST_CODE
    return (is_code or code == "0") and "".join(behind)[:1] == "0"


def _is_twice_abroad(groups):
    """Whether the country code stands there twice; no area has the number 62."""
    code, *behind = [group for _separator, group in groups if group != "00"]
    code = code.removeprefix("00")
    return code == "6262" or (code == "62" and behind[:1] == ["62"])


def _is_bracketed_behind(groups):
    return any(
        re.search("[(:]", separator) and len(_joined(groups[:at])) > LONGEST_CODE
        for at, (separator, _group) in enumerate(groups)
    )


def _joined(groups):
    return "".join(group for _separator, group in groups)


def _number(plus, digits):
    """What these digits are; ``plus`` says that a ``+`` stands before them."""
    if plus:
        return _international(digits)
    if digits.startswith("00"):
        return INVALID if AT_HOME.fullmatch(digits[2:]) else _international(digits[2:])
    if digits.startswith("0"):
        return _indonesian(digits[1:])
    if digits.startswith("62"):
        national = digits[2:].removeprefix("0")
        if national.startswith("8") or LANDLINE.fullmatch(national):
            return _indonesian(national)
    found = _indonesian(digits)
    # A landline with neither zero nor country code may be of another country.
    return Number(None, "landline") if found.state == "landline" else found


def _international(digits):
    if digits.startswith("62"):
        return _indonesian(digits[2:].removeprefix("0"))
    return Number(f"+{digits}", "foreign") if ABROAD.fullmatch(digits) else INVALID


def _indonesian(national):
    """Without country code and leading zero."""
    if MOBILE.fullmatch(national):
        return Number(f"+62{national}", "mobile")
    if SERVICE.fullmatch(national):
        # A short number is dialled as it is, within one network.
        return Number(f"+62{national}" if national[0] == "8" else None, "service")
    if LANDLINE.fullmatch(national) and not TWICE.fullmatch(national):
        return Number(f"+62{national}", "landline")
    return INVALID
