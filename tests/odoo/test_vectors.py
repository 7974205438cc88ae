"""What the examples of telephone numbers say is held against libphonenumber, which knows Indonesia's numbering plan from
elsewhere. Worker and addon are held to the examples by tests of their own."""

import json

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from riglib.session import ADDONS

EXAMPLES = json.loads((ADDONS / "sicantik_connector/tests/vectors.json").read_text())["phone"]
TYPES = {"mobile": PhoneNumberType.MOBILE, "landline": PhoneNumberType.FIXED_LINE}
READ_OTHERWISE = {
    "81234567890.0": "libphonenumber takes the decimals of a float for digits",
    "6281234567890.0": "the same",
    "+6281234567890.0": "the same",
    "081234567890.0": "the same",
    "62812345678": "libphonenumber takes 0628 for the area of a landline, though a mobile number follows 62",
    "62 21 5551234": "the same of 0622, though Jakarta follows 62",
}
"""Where libphonenumber reads another number in a text, and why that one is wrong."""


def _read(text: str) -> str | None:
    """The number that libphonenumber reads in a text of Indonesia, in E.164."""
    try:
        number = phonenumbers.parse(text, "ID")
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if phonenumbers.is_valid_number(number) else None


def test_each_number_is_one_of_its_kind_in_indonesia() -> None:
    checked = 0
    for text, right, _why in EXAMPLES:
        state, _, number = right.partition(" ")
        if state in TYPES and number:
            parsed = phonenumbers.parse(number)
            assert phonenumbers.region_code_for_number(parsed) == "ID", text
            assert phonenumbers.number_type(parsed) == TYPES[state], text
            checked += 1
    assert checked > 90


def test_no_text_is_read_as_another_number() -> None:
    """Where both find one, it is the same one."""
    otherwise, same = {}, 0
    for text, right, _why in EXAMPLES:
        number, theirs = right.partition(" ")[2], _read(text)
        if number and theirs and theirs != number:
            otherwise[text] = theirs
        same += bool(number) and theirs == number
    assert otherwise.keys() == READ_OTHERWISE.keys(), otherwise
    assert same > 70
