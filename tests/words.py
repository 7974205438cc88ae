"""Holds one word for a thing, on the screen and in the manual: what was said otherwise once does not come back. Holds
sample numbers of mobile telephones to the block that belongs to nobody, too.

`make lint` runs it.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
ADDONS = ROOT / "odoo_addon"
MANUAL = ROOT / "docs" / "id"
INSTEAD = {
    r"galat": "kesalahan",
    r"keadaan": "status",
    r"saringan|filter": "penyaring",
    r"draf": "dalam proses",
    r"tanpa masa berlaku": "tanggal berakhir belum diketahui; the other means valid without end",
    r"tindakan terjadwal": "Action yang Dijadwalkan, as Odoo's menu says",
    r"buang": "tutup",
    r"batalkan izin": "akhiri izin: yang dicabut atau ditutup tidak dibatalkan",
    r"sejak [^.]* lalu": "… yang lalu",
    r"terakhir terlihat": "terakhir aktif",
    r"(?:alamat|nomor) uji coba": "Semua Pemberitahuan ke, as the field is called",
    r"dengan tangan": "secara manual",
    r"subjek": "judul, as Odoo calls that field",
    r"izin[^.;:|]* (?:diperpanjang|kedaluwarsa),? atau dibatalkan": "diakhiri: dibatalkan is one kind of it",
    r"(?:pindah|salah|ganti) perusahaan|perusahaan (?:harus|belum|yang benar)": "kantor (perusahaan di Odoo)",
    r"pengaturan\W+perusahaan": "User & Perusahaan between the two, as Odoo's menu has it",
    r"tanyakan sicantik": "tanyakan ke SICANTIK; the other asks about it",
}
"""Indonesian words that are not used, as patterns of whole words, and what is said in their place."""
NAMES = {"All Notices To": "Semua Pemberitahuan ke"}
"""Of fields, as each sentence names them that does so in English."""
BLOCK = "628360100"
"""With what the made-up mobile numbers begin, the country code first (docs/operations.md)."""
CLOSE = "Close"
"""On the button of a wizard that changes nothing; *Cancel* would be what several wizards do."""
_WRONG = {re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE): right for pattern, right in INSTEAD.items()}
_MOBILE = re.compile(r"(?<![\w.])(?:\+?62|0)[ .-]?8[1-35-9][0-9](?:[ .-]?[0-9]){6,9}(?![0-9])")
_BUTTON = re.compile(r"<button\b[^>]*\bspecial=\"cancel\"[^>]*>")
_STRING = re.compile(r"\bstring=\"([^\"]*)\"")


def main() -> int:
    """Prints what is wrong; 1 if anything is."""
    found = [*_other_words(), *_other_names(), *_other_numbers(), *_other_buttons()]
    for line in found:
        print(line)
    return 1 if found else 0


def _texts() -> Iterator[tuple[Path, str]]:
    """Every Indonesian text that people read, and where it stands."""
    for path in sorted(ADDONS.glob("*/i18n/id.po")):
        yield from ((path, entry.msgstr) for entry in polib.pofile(str(path)))
    for path in sorted(MANUAL.glob("*.md")):
        yield from ((path, line) for line in re.sub(r"\]\([^)]*\)", "]", path.read_text()).splitlines())


def _other_words() -> Iterator[str]:
    for path, text in _texts():
        for wrong, right in _WRONG.items():
            if match := wrong.search(re.sub(r"<[^>]*>", " ", text)):
                yield f"{path.relative_to(ROOT)}: “{match[0]}” in “{text}”; say {right}"


def _other_names() -> Iterator[str]:
    for path in sorted(ADDONS.glob("*/i18n/id.po")):
        for entry in polib.pofile(str(path)):
            for name, translated in NAMES.items():
                if name in entry.msgid and translated not in entry.msgstr:
                    yield f"{path.relative_to(ROOT)}: “{entry.msgstr}” does not say {translated}"


def _other_numbers() -> Iterator[str]:
    """A number that somebody could have, wherever people read one: an officer who tries it out calls that person."""
    # What tests hold is read by the rules, and by nobody.
    inside = [path for path in ADDONS.rglob("*") if "tests" not in path.relative_to(ADDONS).parts]
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *inside]):
        if path.suffix in (".md", ".xml", ".js", ".html", ".py", ".po", ".pot"):
            for match in _MOBILE.finditer(path.read_text()):
                digits = re.sub("[^0-9]", "", match[0])
                if not re.sub("^0", "62", digits).startswith(BLOCK):
                    yield f"{path.relative_to(ROOT)}: “{match[0]}” may be somebody's; take one of +62 836-0100-…"


def _other_buttons() -> Iterator[str]:
    for path in sorted(ADDONS.glob("*/*/*.xml")):
        for button in _BUTTON.findall(path.read_text()):
            if _STRING.findall(button) != [CLOSE]:
                yield f"{path.relative_to(ROOT)}: “{button}” is not called {CLOSE}"


if __name__ == "__main__":
    sys.exit(main())
