"""The text that a permit is found by, and what somebody typed, brought to the same
plain letters. No Odoo in here.

Capital letters, accents, punctuation, blanks and invisible characters do not count.
"""

import re
import unicodedata
from difflib import SequenceMatcher
from itertools import pairwise

from .contacts import npwp_key, phone_key
from .phone_number import LABELS

NUMBERS = ("permit_number", "registration_number")
NAMES = ("applicant_name", "company_name", "district", "village")
PHONES = ("applicant_phone", "whatsapp_number", "company_phone")
NPWP = "company_npwp"
# The columns of a permit that its text is made of.
PARTS = frozenset((*NUMBERS, *NAMES, *PHONES, NPWP))

GAPS = re.compile(r"[\W_]+")
NOT_DIGITS = re.compile("[^0-9]+")
# What stands between two telephone numbers in one field.
BETWEEN_PHONES = re.compile(r"[^0-9\s().+\-\u2010-\u2015]+")
# Stands behind a telephone number in the text, so that its end can be asked for.
END = "#"
# Digits by which a telephone number is known, whatever stands before them.
PHONE_DIGITS = 9

# Characters of what was typed that are looked at.
MAX_TYPED = 1000
# Words for which something near is looked for, and the fewest letters of one.
NEAR_WORDS = 6
NEAR_LETTERS = 3
# Letters of such a word that are looked at.
MAX_NEAR_LETTERS = 40
# From here on two words resemble each other, as difflib has it: of four letters one may
# differ, of ten three.
NEAR = 0.6


def search_text(values, further=()):
    """The text of a permit. ``values`` is ``{name of PARTS: text or None}``, where each
    may be missing; ``further`` are the names of its further applicants.

    Names stand in it as words, and without the blanks between them; the rest without.
    """
    parts = [_squeezed(number) for number in _given(values, NUMBERS)]
    for name in (*_given(values, NAMES), *further):
        words = _plain(name)
        parts += [words, words.replace(" ", "")]
    for phones in _given(values, PHONES):
        numbers = BETWEEN_PHONES.split(_folded(phones))
        digits = [NOT_DIGITS.sub("", number) for number in numbers]
        parts += [number + END for number in digits if number]
    for npwp in _given(values, [NPWP]):
        parts.append(npwp_key(npwp) or _squeezed(npwp))
    return " ".join(dict.fromkeys(filter(None, parts)))


def _given(values, names):
    return filter(None, map(values.get, names))


def terms_of(typed, apart=False):
    """What must occur in the text of a permit: ``[term]``, of which all must.

    A term is ``[alternative]``, of which one is enough, an alternative ``[text]``, of
    which all occur. Empty when nothing was typed that counts.

    Words, and numbers with blanks between them, may be anywhere in it; what has only
    punctuation between it, and a whole telephone number, stands together. ``apart``:
    the parts of these may be anywhere, too.
    """
    terms = []
    for is_number, words in _runs(typed):
        if is_number:
            terms.append(_number_term(words, apart))
        else:
            terms += [_word_term(word, apart) for word in words]
    return _distinct(*terms)


def near_words(typed):
    """The words for which something near is looked for, at most ``NEAR_WORDS``; a
    telephone number is one word."""
    found = []
    for is_number, words in _runs(typed):
        if is_number and (phone := phone_key("".join(words))):
            found.append(_national(phone))
        else:
            found += map(_squeezed, words)
    found = dict.fromkeys(word[:MAX_NEAR_LETTERS] for word in found)
    long_enough = [word for word in found if len(word) >= NEAR_LETTERS]
    longest = sorted(long_enough, key=len, reverse=True)[:NEAR_WORDS]
    return [word for word in long_enough if word in longest]


def pieces_of(word):
    """The threes of letters in ``word`` between two blanks, each once: of two words
    that differ by a letter some are the same."""
    word = f" {word} "
    return list(dict.fromkeys(word[at : at + 3] for at in range(len(word) - 2)))


def likeness(words, text):
    """How near ``text`` comes to ``words``: 0 where more than one of them, or the only
    one, resembles nothing in it; else the more the nearer."""
    known = text.split()
    found = [_likeness_of(word, text, known) for word in words]
    unlike = sum(one < NEAR for one in found)
    return 0 if unlike > min(1, len(words) - 1) else sum(found)


def _likeness_of(word, text, known):
    """0 to 1: 1 where ``word`` occurs in ``text``, whose words are ``known``."""
    if word in text:
        return 1
    pieces = pieces_of(word)
    share = sum(piece in text for piece in pieces) / len(pieces)
    matcher = SequenceMatcher(None, b=word, autojunk=False)
    for other in known:
        matcher.set_seq1(other)
        if matcher.real_quick_ratio() > share and matcher.quick_ratio() > share:
            share = max(share, matcher.ratio())
    return share


def _runs(typed):
    """``[(whether they are digits, [word])]``: digits in a row may be one number. What
    only says that a telephone number follows (*HP*, *Telp.*) is left out."""
    runs = []
    for word in filter(_plain, _folded(typed[:MAX_TYPED]).split()):
        is_number = not any(char.isalpha() for char in word)
        if not runs or runs[-1][0] != is_number:
            runs.append((is_number, []))
        runs[-1][1].append(word)
    for (_is_number, words), (_is_word, behind) in pairwise(runs):
        while words and _squeezed(words[-1]).upper() in LABELS and _is_phone(behind):
            words.pop()
    return runs


def _is_phone(words):
    return bool(phone_key("".join(words)))


def _word_term(word, apart):
    term = [[_squeezed(word)]]
    return _distinct(*term, _parts(word)) if apart else term


def _number_term(words, apart):
    """The digits as one number, as a telephone number, or as several numbers."""
    typed = "".join(words)
    term, national = [[_squeezed(typed)]], _national(phone_key(typed) or "")
    if national:
        term.append([national[-PHONE_DIGITS:] + END])
    if national and typed.startswith("+"):
        term.append([national])
    if apart or len(national) < PHONE_DIGITS:
        term.append([_squeezed(word) for word in words])
    if apart:
        term.append([part for word in words for part in _parts(word)])
    return _distinct(*term)


def _parts(word):
    """What its punctuation parts, unless that leaves single letters."""
    parts = _plain(word).split()
    return parts if min(map(len, parts)) > 1 else ["".join(parts)]


def _distinct(*texts):
    return [text for at, text in enumerate(texts) if text not in texts[:at]]


def _national(phone):
    """A number in E.164 without Indonesia's country code."""
    return phone.removeprefix("+62").removeprefix("+")


def _squeezed(text):
    return _plain(text).replace(" ", "")


def _plain(text):
    """``text`` in small letters and digits, one blank between its words."""
    return GAPS.sub(" ", _folded(text).casefold()).strip()


def _folded(text):
    """``text`` without accents and invisible characters, its digits those of ASCII."""
    if text.isascii():
        return text
    kept = []
    for char in unicodedata.normalize("NFKD", text):
        category = unicodedata.category(char)
        if category == "Nd":
            kept.append(str(unicodedata.decimal(char)))
        elif category not in ("Mn", "Cf"):
            kept.append(char)
    return "".join(kept)
