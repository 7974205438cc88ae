"""Made-up rows as the worker sends them, and the field values that the addon makes of them."""

import hashlib
from collections.abc import Sequence
from typing import Any

TYPES = 90
"""As many as a large office has; the simulator's world has them, too."""
Row = dict[str, Any]


def type_of(number: int) -> dict[str, str]:
    """A permit type."""
    name = f"IZIN CONTOH NOMOR {number % TYPES}"
    return {"name": name, "key": name}


def rows(way: int, first: int, count: int) -> list[Row]:
    """`count` rows from number `first` on. `way` (one digit) keeps the rows of two ways apart; all else is the same.

    Odd rows in the shares of the simulator's world: 7 % without a number, 3 % with a further applicant, 2 % with a
    further type, 5 % with a value that could not be taken.
    """
    return [_row(way, number) for number in range(first, first + count)]


def _row(way: int, number: int) -> Row:
    registration = f"{way}{number:09d}032024"
    permit_number = None if number % 14 == 0 else f"503/{way}/{number:07d}/CTH/DPM-PTSP/2024"
    permit_type = type_of(number)
    last = f"N\x1f{registration}\x1f{permit_number}" if permit_number else f"T\x1f{registration}\x1f{permit_type['key']}"
    odd = number % 20 == 3
    return {
        "identity": last,
        "registration_number": registration,
        "permit_number": permit_number,
        "permit_type": permit_type,
        "further_types": [type_of(number + 1)] if number % 50 == 7 else [],
        "applicant": _applicant(number),
        "further_applicants": [_applicant(number + 1)] if number % 33 == 5 else [],
        "complete": True,
        "registered_month": f"2024-{number % 12 + 1:02d}-01",
        "expiry_date": None,
        "has_expiry": False,
        "flags": ["applicant_missing"] if odd else [],
        "raw": {"n_perusahaan": "-"} if odd else {},
        "hash": hashlib.md5(registration.encode(), usedforsecurity=False).hexdigest(),
    }


def _applicant(number: int) -> dict[str, str]:
    name = f"PT. CONTOH PEMOHON {number}"
    return {"name": name, "key": name}


def details_of(permit_ids: Sequence[int], way: int) -> list[Row]:
    """What detail calls bring for these permits, as the worker sends it; every `way` differs in each of them."""
    return [_detail(permit_id, way) for permit_id in permit_ids]


def _detail(permit_id: int, way: int) -> Row:
    number = f"{permit_id:08d}"
    detail = {
        "expiry_date": f"{2027 + (permit_id + way) % 5}-06-30",
        "issue_date": "2024-07-01",
        "received_date": "2024-06-01",
        "applicant_address": f"JALAN CONTOH {number}",
        "applicant_phone": f"0812{number}",
        "whatsapp_number": f"+62812{number}",
        "whatsapp_state": "mobile",
        "district": f"KEC CONTOH {way}",
        "regency": "KAB CONTOH",
        "endpoint": "cekperizinanizin",
    }
    digest = hashlib.md5(repr(detail).encode(), usedforsecurity=False).hexdigest()
    return {"id": permit_id, "outcome": "found", "hash": digest, "detail": detail, "flags": [], "raw": {}}


def values_of(row: Row, common: dict[str, Any], type_ids: dict[str, int]) -> dict[str, Any]:
    """What a client of Odoo's own `create` has to send for the same permit. The bench compares the stored rows."""
    further_types = [type_ids[one["key"]] for one in row["further_types"]]
    further = [(0, 0, {"name": one["name"], "name_key": one["key"]}) for one in row["further_applicants"]]
    flags = ",".join(row["flags"]) or False
    values = common | {
        "identity": row["identity"],
        "registration_number": row["registration_number"],
        "permit_number": row["permit_number"] or False,
        "permit_type_id": type_ids[row["permit_type"]["key"]],
        "applicant_name": row["applicant"]["name"],
        "applicant_key": row["applicant"]["key"],
        "registered_month": row["registered_month"],
        "status": "active" if row["permit_number"] else "draft",
        "detail_state": "never",
        "list_hash": row["hash"],
        "list_flags": flags,
        "flag_codes": flags,
        "is_flagged": bool(flags),
    }
    if row["raw"]:
        values["raw_values"] = {"list": row["raw"]}
    if further_types:
        values["further_type_ids"] = [(6, 0, further_types)]
    if further:
        values["applicant_ids"] = further
    return values
