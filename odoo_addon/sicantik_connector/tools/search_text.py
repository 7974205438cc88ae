"""The text that a permit is found by, and what somebody typed, brought to the same
plain letters. No Odoo in here.

Capital letters, accents, punctuation, blanks and invisible characters do not count.
"""

import re
import unicodedata
from difflib import SequenceMatcher

from .contacts import npwp_key, phone_key
from .phone_number import LABELS as PHONE_LABELS

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
# What people write before a number, a place or a name.
LABELS = (
    *PHONE_LABELS,
    *"NPWP NITKU NIK KTP ID NOMER NR NUMBER REG REGISTRASI REGISTRATION".split(),
    *"PENDAFTARAN PERMOHONAN IZIN IJIN PERMIT".split(),
    *"KEC KECAMATAN DISTRICT DESA DS KEL KELURAHAN VILLAGE DUSUN".split(),
    *"NAMA NAME PEMOHON APPLICANT PERUSAHAAN COMPANY".split(),
    *"BPK BP BAPAK PAK IBU BU SDR SDRI SAUDARA SAUDARI TN TUAN NY NYONYA NN".split(),
    *"H HJ DR DRG DRA DRS IR".split(),
)
LABEL = re.compile(
    rf"[\W_]*(?:A\W?N|{'|'.join(LABELS)})(?![^\W\d_])(?:[^\w+]|_)*", re.IGNORECASE
)
# Between two numbers that were typed.
BETWEEN = ",;/&|"

# Characters of what was typed that are looked at.
MAX_TYPED = 1000
# Texts that one search looks for, and of these the parts of one word, or the numbers
# in a row.
MAX_TEXTS = 40
MAX_PARTS = 10
# Words for which something near is looked for, and the fewest letters of one.
NEAR_WORDS = 6
NEAR_LETTERS = 3
# Letters of such a word that are looked at, and the pieces of all of them together
# that are looked for in every permit.
MAX_NEAR_LETTERS = 40
MAX_PIECES = 40
# From here on two words resemble each other, as difflib has it: of four letters one may
# differ, of ten three.
NEAR = 0.6


def search_text(values, further=()):
    """The text of a permit. ``values`` is ``{name of PARTS: text or None}``, where each
    may be missing; ``further`` are the names of its further applicants.

    Names stand in it as words, and without the blanks between them; numbers without,
    telephone numbers and NPWPs also with what stands beside them.
    """
    parts = [_squeezed(number) for number in _given(values, NUMBERS)]
    for name in (*_given(values, NAMES), *further):
        words = _plain(name)
        parts += [words, words.replace(" ", "")]
    for phones in _given(values, PHONES):
        numbers = BETWEEN_PHONES.split(_folded(phones))
        digits = [NOT_DIGITS.sub("", number) for number in numbers]
        parts += _with_beside([number + END for number in digits if number], phones)
    for npwp in _given(values, [NPWP]):
        key = npwp_key(npwp)
        parts += _with_beside([key] if key else [], npwp)
    return " ".join(dict.fromkeys(filter(None, parts)))


def _with_beside(numbers, text):
    """``numbers``, the words of ``text`` beside them, and all of it without blanks,
    unless a number says so."""
    words = [word for word in _plain(text).split() if not word.isdigit()]
    whole = _squeezed(text)
    known = any(whole in number for number in numbers)
    return [*numbers, *words, *([] if known else [whole])]


def _given(values, names):
    return filter(None, map(values.get, names))


def readings(typed):
    """What must occur in the text of a permit, in each way to read what was typed, the
    strictest first: as it was typed, without labels (*No.*, *Kec.*), and in parts.

    A reading is ``[term]``, of which all must hold, a term ``[alternative]``, of which
    one is enough, an alternative ``[text]``, of which all occur. Empty when nothing was
    typed that counts; long ones ask for ``MAX_TEXTS``.

    Words, and numbers with blanks between them, may be anywhere in it; what has only
    punctuation between it, a whole telephone number and an NPWP stand together. In
    parts: the parts of these may be anywhere, too.
    """
    words = _words(typed)
    bare = _unlabelled(words)
    return _distinct([_terms(words), _terms(bare), _terms(bare, apart=True)])


def near_words(typed):
    """The words for which something near is looked for, at most ``NEAR_WORDS``; a
    telephone number is one word."""
    found = []
    for words in _groups(_unlabelled(_words(typed))):
        phone = phone_key("".join(words))
        found += [_national(phone)] if phone else map(_squeezed, words)
    found = dict.fromkeys(word[:MAX_NEAR_LETTERS] for word in found)
    long_enough = [word for word in found if len(word) >= NEAR_LETTERS]
    longest = sorted(long_enough, key=len, reverse=True)[:NEAR_WORDS]
    return [word for word in long_enough if word in longest]


def pieces_of(words):
    """``[[piece]]``, for each word: of two words that differ by a letter some are the
    same. At most ``MAX_PIECES`` of all words together, of each about as many, from all
    over it."""
    pieces, left = {}, MAX_PIECES
    for at, word in enumerate(sorted(words, key=len)):
        every = _threes(word)
        taken = min(len(every), left // (len(words) - at))
        pieces[word] = [every[n * len(every) // taken] for n in range(taken)]
        left -= taken
    return [pieces[word] for word in words]


def _threes(word):
    """The threes of letters in ``word`` between two blanks, each once."""
    word = f" {word} "
    return list(dict.fromkeys(word[at : at + 3] for at in range(len(word) - 2)))


def likeness(words, text):
    """How near ``text`` comes to ``words``: 0 where more than one of them, or the only
    one, resembles nothing in it; else the more the nearer."""
    known = text.split()
    text = f" {text} "
    found = [_likeness_of(word, text, known) for word in words]
    unlike = sum(one < NEAR for one in found)
    return 0 if unlike > min(1, len(words) - 1) else sum(found)


def _likeness_of(word, text, known):
    """0 to 1: 1 where ``word`` occurs in ``text``, whose words are ``known``, and 0
    where no piece of it does."""
    if word in text:
        return 1
    pieces = _threes(word)
    share = sum(piece in text for piece in pieces) / len(pieces)
    matcher = SequenceMatcher(None, b=word, autojunk=False)
    for other in known if share else ():
        matcher.set_seq1(other)
        if matcher.real_quick_ratio() > share and matcher.quick_ratio() > share:
            share = max(share, matcher.ratio())
    return share


def _words(typed):
    return _folded(typed[:MAX_TYPED]).split()


def _unlabelled(words):
    """``words`` without the labels before them; as they are where nothing is left."""
    return list(filter(_plain, map(_without_label, words))) or words


def _without_label(word):
    """A telephone number stays as it is: *wa.me/62…* is a link."""
    while not phone_key(word) and (label := LABEL.match(word)):
        word = word[label.end() :]
    return word


def _groups(words):
    """``[[word]]``: digits in a row, which may be one number, and each other word by
    itself. What only says that a telephone number or an NPWP follows is left out."""
    groups, goes_on = [], False
    for word in words:
        if _plain(word):
            is_number = not any(char.isalpha() for char in word)
            if goes_on and is_number and "+" not in word:
                groups[-1].append(word)
            else:
                groups.append([word])
            goes_on = is_number
        goes_on = goes_on and word[-1] not in BETWEEN
    kept = []
    for group in groups:
        while kept and not _without_label(kept[-1][0]) and _is_known(group):
            kept.pop()
        kept.append(group)
    return kept


def _is_known(words):
    """Whether they are a telephone number or an NPWP."""
    return bool(phone_key("".join(words)) or npwp_key(" ".join(words)))


def _terms(words, apart=False):
    """A reading of ``words``, whose first terms count where all would be too many."""
    terms, left = [], MAX_TEXTS
    for term in _distinct(_term(group, apart) for group in _groups(words)):
        left -= sum(map(len, term))
        if left < 0:
            break
        terms.append(term)
    return terms


def _term(words, apart):
    """A word or digits: as one, as a telephone number, as an NPWP, or as several."""
    typed = "".join(words)
    national = _national(phone_key(_without_label(typed)) or "")
    npwp = npwp_key(" ".join(words))
    term = [[_squeezed(typed)]]
    if national:
        term += [[national], [national[-PHONE_DIGITS:] + END]]
    if npwp:
        term.append([npwp])
    if apart or not (npwp or len(national) >= PHONE_DIGITS):
        term.append(list(map(_squeezed, words)))
    if apart:
        term.append([part for word in words for part in _parts(word)])
    return _distinct(list(dict.fromkeys(texts))[:MAX_PARTS] for texts in term)


def _parts(word):
    """What its punctuation parts, unless that leaves single letters."""
    parts = _plain(word).split()
    return parts if min(map(len, parts)) > 1 else ["".join(parts)]


def _distinct(lists):
    found = []
    for one in lists:
        if one not in found:
            found.append(one)
    return found


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
