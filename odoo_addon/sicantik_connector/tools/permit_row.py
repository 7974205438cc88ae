"""A row of ``upsert_batch``: what it says, checked. No Odoo in here.

The checks keep a bad value away from the database, where it would fail the whole
statement: a text that is too long for an index, a NUL character, a lone surrogate, a
date that is none.
"""

import re
from datetime import date

from .constants import MAX_KEY, MAX_TEXT, NUMBERED, SEPARATOR, UNNUMBERED

DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


class RowError(ValueError):
    """The row cannot be taken; the message says which value and why."""


def text_of(value, name, limit=MAX_TEXT, required=False):
    """``value`` as a text for the database, ``False`` when empty."""
    if value is None or value == "" or value is False:
        if required:
            raise RowError(f"{name} is missing")
        return False
    if not isinstance(value, str):
        raise RowError(f"{name} is not a text")
    if len(value) > limit:
        raise RowError(f"{name} has {len(value)} characters, more than {limit}")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise RowError(f"{name} is not valid Unicode") from error
    if "\x00" in value:
        raise RowError(f"{name} has a NUL character")
    return value


def date_of(value, name):
    """``value`` (``YYYY-MM-DD`` or empty) as a date, ``False`` when empty."""
    if not value:
        return False
    try:
        if not isinstance(value, str) or not DATE.fullmatch(value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError as error:
        raise RowError(f"{name} is not a date") from error


def names_of(raw, main, further):
    """``{key: name}`` of a row's own one, if it has one, and of further ones."""
    own = raw.get(main)
    names = {}
    for value in ([own] if own else []) + (raw.get(further) or []):
        if not isinstance(value, dict):
            raise RowError(f"{main} has no name and key")
        key = text_of(value.get("key"), main, required=True)
        names.setdefault(key, text_of(value.get("name"), main, required=True))
    return names


def named_keys(main, further):
    """The keys of ``{"name", "key"}`` and a list of them; each may be missing."""
    keys = {named.get("key") for named in further or ()}
    if main:
        keys.add(main.get("key"))
    return keys


class PermitRow:
    """One checked row. ``applicants`` and ``types`` are ``{key: name}``, the row's own
    main one first."""

    __slots__ = (
        "identity",
        "numbered",
        "registration",
        "applicants",
        "types",
        "complete",
        "raw",
    )

    def __init__(self, raw):
        self.raw = raw
        self.identity = text_of(raw.get("identity"), "identity", MAX_KEY, True)
        self.numbered = self.identity.startswith(NUMBERED)
        parts = self.identity.split(SEPARATOR)
        if len(parts) < 3 or not (
            self.numbered or self.identity.startswith(UNNUMBERED)
        ):
            raise RowError("identity has an unknown form")
        self.registration = parts[1]
        self.complete = bool(raw.get("complete"))
        self.types = names_of(raw, "permit_type", "further_types")
        self.applicants = names_of(raw, "applicant", "further_applicants")

    def list_values(self):
        """The single-valued columns of the list, ready for the ORM."""
        raw = self.raw
        number = text_of(raw.get("permit_number"), "permit_number")
        flags = raw.get("flags") or ()
        values = {
            "identity": self.identity,
            "registration_number": text_of(
                raw.get("registration_number"), "registration_number", required=True
            ),
            "permit_number": number,
            "registered_month": date_of(
                raw.get("registered_month"), "registered_month"
            ),
            "list_flags": text_of(",".join(flags), "flags"),
            "list_hash": text_of(raw.get("hash"), "hash", required=True),
        }
        if self.numbered and not number:
            raise RowError("permit_number is missing")
        return values
