"""How names, telephone numbers and tax numbers (NPWP) are compared. No Odoo in here.

Two records are the same only when their keys are equal: no part of a name, no similar
number.
"""

import re

# What Unicode calls white space; Python's own idea of it has four control characters
# more than the worker's (src/domain/text.rs).
BLANKS = re.compile(
    r"[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"
)
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")

E164 = re.compile(r"\+[1-9][0-9]{7,14}")
# What people write between the digits of one number. "/", "," and ";" stand between
# two numbers, which are none for comparing.
PHONE_MARKS = re.compile(r"[\s().\-\u2010-\u2015]")
# Nobody has such a number; it is typed where one is demanded.
PLACEHOLDER_PHONE = re.compile(r"([0-9])\1{6}")

NPWP_MARKS = re.compile(r"[\s.\-/]")
NPWP = re.compile(r"(?:ID)?([0-9]{15,16})", re.IGNORECASE)
COUNTING = "1234567890" * 3


def name_key(name):
    """The name as the worker compares it: upper case, blanks collapsed, control
    characters gone. ``False`` for none, and for marks of none such as ``-`` or ``0``.
    """
    words = (CONTROLS.sub("", word) for word in BLANKS.split(name or ""))
    key = " ".join(word for word in words if word).upper()
    return key if any(char.isalnum() and char != "0" for char in key) else False


def phone_key(number):
    """The number in E.164 (``+62…``), ``False`` when it is none.

    A number without a country code is taken as Indonesian.
    """
    digits = PHONE_MARKS.sub("", number or "")
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif digits.startswith("0"):
        digits = f"+62{digits[1:]}"
    elif digits.startswith("62"):
        digits = f"+{digits}"
    elif digits.startswith("8"):
        digits = f"+62{digits}"
    digits = digits.replace("+620", "+62", 1)  # +62 (0)812…
    if not E164.fullmatch(digits) or PLACEHOLDER_PHONE.search(digits):
        return False
    return digits


def npwp_key(number):
    """The 16 digits of an NPWP, ``False`` when it is none.

    The old form has 15 digits; the new one of the same company begins with a zero.
    Placeholders are none, because many companies share them: zeros, ``00.000.000.0-``
    with the number of a tax office, one digit repeated, digits counted up.
    """
    match = NPWP.fullmatch(NPWP_MARKS.sub("", number or ""))
    if not match:
        return False
    digits = match[1]
    if digits in COUNTING or len(set(digits)) == 1:
        return False
    key = digits.zfill(16)
    return False if key.startswith("0" * 10) else key
