"""What people answer by message, and the code that names a contact. No Odoo in here.

The code is no id and cannot be guessed: eight characters of what the database's secret
makes of the contact. A look-alike that somebody types counts as what it looks like.
"""

import hmac
import re
import unicodedata

# Crockford's base 32: no I, L, O and U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOK_ALIKES = str.maketrans("OIL", "011")
LENGTH, BITS = 8, 5
PURPOSE = "sicantik_whatsapp consent"

REFUSING = frozenset({"stop", "berhenti"})
AGREEING = frozenset({"setuju", "agree"})
AGREES, REFUSES = "agrees", "refuses"

WORD = re.compile(r"[^\W_]+")
# The agreeing word, and right behind it the code.
WITH_CODE = re.compile(r"[\W_]*[^\W_]+[\W_]+([0-9A-Z]{4})-?([0-9A-Z]{4})(?![0-9A-Z])")

SENTENCES = {
    "id": "SETUJU {code}. Saya setuju menerima pemberitahuan izin dari {office} lewat "
    "WhatsApp.",
    "en": "AGREE {code}. I agree to get notices about permits from {office} by "
    "WhatsApp.",
}


def read_answer(text):
    """``(AGREES, code)``, ``(REFUSES, None)``, or ``(None, None)``: the first word
    counts, and to agree takes the code right behind it."""
    plain = unicodedata.normalize("NFKC", text or "")
    first = WORD.search(plain)
    word = first and first[0].casefold()
    if word in REFUSING:
        return REFUSES, None
    found = word in AGREEING and WITH_CODE.match(plain.upper())
    if not found:
        return None, None
    return AGREES, (found[1] + found[2]).translate(LOOK_ALIKES)


def code_of(secret, number):
    """The code of the contact with this id, eight characters of ``ALPHABET``."""
    text = f"{PURPOSE}\x1f{number}"
    digest = hmac.digest(secret.encode(), text.encode(), "sha256")
    value = int.from_bytes(digest[: LENGTH * BITS // 8], "big")
    places = range((LENGTH - 1) * BITS, -1, -BITS)
    return "".join(ALPHABET[value >> place & 31] for place in places)


def sentence(language, code, office):
    """What the person sends to agree."""
    shown = f"{code[:4]}-{code[4:]}"
    return SENTENCES[language].format(code=shown, office=office)
