"""The NPWP, Indonesia's tax number, in each form in which it is written. No Odoo in
here.

Old NPWPs have 15 digits (``01.234.567.8-901.000``), new ones 16: the old ones with a
zero before them, or a person's NIK. A NITKU, the number of a place of business, is an
NPWP of 16 digits and six more.
"""

import re

from .text import QUOTES, typed

# What people write before the number.
NAMED = re.compile(
    r"(?:(?:NPWP1[56](?![0-9])|(?:NO|NOMOR|NPWP|NITKU|NIK|KTP|ID)(?![A-Z]))[ .:#=\-]*)*"
)
GROUP = re.compile(r"([ .,\-/]*)([0-9]+)")
DECIMALS = re.compile(r"([0-9]{14,15})[.,]0+")
COUNTING = "1234567890" * 3
# Digits between the marks of an old NPWP, of which people leave out one or the other;
# programs that took it for a number dropped the zero before it.
OLD_FORMS = [
    [first, 3, 3, *behind] for first in (2, 1) for behind in ([1, 3, 3], [1, 6], [4, 3])
]
# A telephone number typed into the wrong field; an NPWP that lost its zero begins with
# none.
TELEPHONE = re.compile(r"(?:0|628)[0-9]*")
PLAIN_LENGTHS = (14, 15, 16, 21, 22)
LENGTHS = (15, 16, 22)
BRANCH = 6


def npwp_key(number):
    """The 16 digits of an NPWP, ``False`` when it is none; of a NITKU, those of its
    NPWP.

    Placeholders are none, because many companies share them: zeros, ``00.000.000.0-``
    with the number of a tax office, one digit repeated, digits counted up. What stands
    behind a number makes it none, too: it may be a part of it, or of another one.
    """
    groups = _groups(number)
    digits = "".join(groups)
    lengths = [len(group) for group in groups]
    if lengths in OLD_FORMS or (lengths[-1:] == [BRANCH] and lengths[:-1] in OLD_FORMS):
        key = (digits if lengths in OLD_FORMS else digits[:-BRANCH]).zfill(16)
    elif len(digits) == 14 and TELEPHONE.match(digits):
        return False
    elif len(groups) == 1 and len(digits) in PLAIN_LENGTHS:
        key = digits.zfill(22)[:16] if len(digits) > 16 else digits.zfill(16)
    elif len(digits) in LENGTHS and _is_whole(lengths):
        key = digits.zfill(16)[:16]
    else:
        return False
    return False if _is_placeholder(key) else key


def _groups(number):
    """The digits that stand together, or nothing where there is anything else."""
    text = typed(number).strip(f" \n{QUOTES}").upper()
    text = text[NAMED.match(text).end() :].strip(f" {QUOTES}").rstrip(" .,:-")
    if decimals := DECIMALS.fullmatch(text):
        # A spreadsheet's: of sixteen digits it keeps fifteen.
        return [decimals[1]]
    groups = GROUP.findall(text)
    whole = "".join(mark + digits for mark, digits in groups)
    return [digits for _mark, digits in groups] if whole == text else []


def _is_whole(lengths):
    """Whether digits in groups of one's own choice are one number: nothing short hangs
    behind it, a NITKU has its branch apart, and it is no old form gone wrong."""
    fours = [4] * 5 + [2]
    starts = [sum(lengths[:at]) for at in range(len(lengths))]
    branch_apart = sum(lengths) < 22 or 16 in starts
    old = lengths[:4] in ([2, 3, 3, 1], [1, 3, 3, 1])
    ends = lengths[-1] > 2 or lengths == fours
    return len(lengths) > 1 and branch_apart and ends and not old


def _is_placeholder(key):
    for digits in (key, key[1:], key.lstrip("0")):
        if len(set(digits)) <= 1 or digits in COUNTING:
            return True
    return key.startswith("0" * 10)
