"""What the demo shows of documents: ten of them, most brought in at their permits, three by the inbox, in which a fourth file
waits for somebody who knows its permit."""

from collections import Counter as Tally
from pathlib import Path
from typing import Any

from counter import Counter, pdf
from parts import Office

KINDS = ("Surat izin", "Permohonan", "Rekomendasi")
READY, WITHDRAWN = 4, 1
BY_INBOX = 3
DOCUMENTS = 10
INBOX = "masuk"
"""The folder, where the demo keeps its files."""
STILL = "2"


def settings(folder: Path) -> dict[str, str]:
    """The worker's, with an inbox in this folder."""
    inbox = folder / INBOX
    inbox.mkdir()
    return {"SICANTIK__INBOX__FOLDER": str(inbox), "SICANTIK__INBOX__STILL_SECONDS": STILL}


def file(office: Office, folder: Path) -> None:
    """All of it."""
    domain = [("permit_number", "like", "_________"), ("status", "=", "active")]
    names = ["permit_number", "applicant_name", "permit_type_id"]
    permits = office.admin.call("sicantik.permit", "search_read", domain, names, order="issue_date desc, id desc", limit=7)
    counter, made = Counter(office.admin), []
    for number, permit in enumerate(permits):
        kind = KINDS[number % len(KINDS)]
        said = counter.upload(_letter(kind, permit), permit=permit["id"], name=f"{kind} {permit['applicant_name']}.pdf")
        made.append(said["document"])
    office.admin.call("sicantik.document", "action_ready", made[:READY])
    second = _letter("Surat izin (diperbaiki)", permits[0])
    counter.upload(second, document=made[0], name="Surat izin diperbaiki.pdf")
    asked = office.admin.call("sicantik.document", "action_withdraw", [made[-1]])
    values = {"reason": "Dipindai dari berkas yang salah"}
    dialog = office.admin.call(asked["res_model"], "create", values, context=asked["context"])
    office.admin.call(asked["res_model"], "action_confirm", [dialog])
    _by_inbox(office, folder / INBOX, permits)


def _by_inbox(office: Office, inbox: Path, permits: list[dict[str, Any]]) -> None:
    for permit in permits[:BY_INBOX]:
        _put(inbox, f"Berita acara {permit['permit_number'].replace('/', '_')}.pdf", _letter("Berita acara", permit))
    _put(inbox, "pindai 0042.pdf", pdf("SURAT TANPA NOMOR"))
    office.wait_until(lambda: not list(inbox.glob("*.pdf")), "the inbox is empty")


def _put(inbox: Path, name: str, content: bytes) -> None:
    unfinished = inbox / f".{name}.part"
    unfinished.write_bytes(content)
    unfinished.rename(inbox / name)


def _letter(kind: str, permit: dict[str, Any]) -> bytes:
    """A page as an office prints it; nobody of these lives."""
    lines = (
        "PEMERINTAH KABUPATEN CONTOH",
        "DINAS PENANAMAN MODAL DAN PELAYANAN TERPADU SATU PINTU",
        "",
        kind.upper(),
        f"Nomor   : {permit['permit_number']}",
        f"Pemohon : {permit['applicant_name']}",
        f"Jenis   : {permit['permit_type_id'][1]}",
        "",
        "Contoh untuk demonstrasi; tidak berlaku.",
    )
    return pdf("\n".join(lines))


def unfiled(admin: Any) -> list[str]:
    """What a visitor would miss, as sentences."""
    documents = Tally(one["state"] for one in admin.call("sicantik.document", "search_read", [], ["state"]))
    arrivals = Tally(one["state"] for one in admin.call("sicantik.document.arrival", "search_read", [], ["state"]))
    wanted = {"ready": READY, "withdrawn": WITHDRAWN, "draft": DOCUMENTS - READY - WITHDRAWN}
    taken = {"imported": BY_INBOX, "unmatched": 1}
    pairs = [("documents", documents, wanted), ("files of the inbox", arrivals, taken)]
    return [
        f"{had[state]} {what} are {state}, not {count}"
        for what, had, all_wanted in pairs
        for state, count in all_wanted.items()
        if had[state] != count
    ]
