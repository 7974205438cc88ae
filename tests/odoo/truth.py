"""Compares Odoo with the simulator's truth, permit by permit and field by field."""

from typing import Any

from riglib.rpc import Session

_FIELDS = [
    "registration_number", "permit_number", "permit_type_id", "further_type_ids", "applicant_name", "applicant_ids",
    "expiry_date", "issue_date", "received_date", "company_name", "regency", "status", "detail_state", "flag_codes",
    "applicant_phone",
]  # fmt: skip
_BATCH = 1000
Key = tuple[str, str]


def fold(text: str) -> str:
    """How the contract compares names and numbers: blanks collapsed, case ignored."""
    return " ".join(text.split()).upper()


def key_of_truth(permit: dict[str, Any]) -> Key:
    """Registration with the number when it is real, else with the type."""
    number = permit["permit_number"]
    return permit["registration_number"], fold(number) if number else "T:" + min(map(fold, permit["types"]))


class Known:
    """What Odoo holds, by key."""

    def __init__(self, admin: Session) -> None:
        self.permits: dict[Key, dict[str, Any]] = {}
        self.doubles: list[Key] = []
        types = {row["id"]: row["name"] for row in _read_all(admin, "sicantik.permit.type", ["name"])}
        applicants = {row["id"]: row["name"] for row in _read_all(admin, "sicantik.permit.applicant", ["name"])}
        for row in _read_all(admin, "sicantik.permit", _FIELDS):
            main = [row["permit_type_id"][0]] if row["permit_type_id"] else []
            row["types"] = {fold(types[type_id]) for type_id in main + row["further_type_ids"]}
            names = ([row["applicant_name"]] if row["applicant_name"] else []) + [applicants[i] for i in row["applicant_ids"]]
            row["applicants"] = {fold(name) for name in names}
            number = row["permit_number"]
            key = row["registration_number"], fold(number) if number else "T:" + min(row["types"], default="")
            if key in self.permits:
                self.doubles.append(key)
            self.permits[key] = row


def differences(admin: Session, truth: list[dict[str, Any]], *, details: bool) -> list[str]:
    """Every difference between Odoo and the truth, as a sentence. `details`: the expiry run has been, too."""
    known = Known(admin)
    found = [f"twice in Odoo: {key}" for key in known.doubles]
    expected = {key_of_truth(permit): permit for permit in truth}
    found += [f"only in Odoo: {key}" for key in known.permits.keys() - expected.keys()]
    for key, permit in expected.items():
        row = known.permits.get(key)
        if row is None:
            found.append(f"not in Odoo: {key}")
            continue
        found += [f"{key}: {sentence}" for sentence in _compare(permit, row, details)]
    return found


def _compare(permit: dict[str, Any], row: dict[str, Any], details: bool) -> list[str]:
    wanted: dict[str, Any] = {
        "types": set(map(fold, permit["types"])),
        "applicants": set(map(fold, permit["applicants"])),
    }
    if details:
        wanted |= {"expiry_date": permit["expiry_date"] or False, "issue_date": permit["issue_date"] or False}
        detail = permit["detail"]
        if detail is None:
            wanted["detail_state"] = "no_data" if permit["permit_number"] else "never"
        else:
            wanted["detail_state"] = "found" if permit["expiry_date"] else "no_expiry"
            # The same in all rows of a number; applicants and villages differ from row to row.
            if not detail.get("lossy"):
                wanted["regency"] = " ".join((detail["n_kabupaten"] or "").split()) or False
    return [f"{name} is {row[name]!r}, should be {value!r}" for name, value in wanted.items() if row[name] != value]


def _read_all(admin: Session, model: str, fields: list[str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    last = 0
    while batch := admin.call(
        model, "search_read", [("id", ">", last)], fields, order="id", limit=_BATCH, context={"active_test": False}
    ):
        rows += batch
        last = batch[-1]["id"]
    return rows
