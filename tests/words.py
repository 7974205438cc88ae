"""Holds one word for a thing, on the screen and in the manual: what was said otherwise once does not come back.

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
    r"dengan tangan": "secara manual",
    r"subjek": "judul, as Odoo calls that field",
    r"izin[^.;:|]* (?:diperpanjang|kedaluwarsa),? atau dibatalkan": "diakhiri: dibatalkan is one kind of it",
    r"(?:pindah|salah|ganti) perusahaan|perusahaan (?:harus|belum|yang benar)": "kantor (perusahaan di Odoo)",
    r"pengaturan\W+perusahaan": "User & Perusahaan between the two, as Odoo's menu has it",
    r"tanyakan sicantik": "tanyakan ke SICANTIK; the other asks about it",
}
"""Indonesian words that are not used, as patterns of whole words, and what is said in their place."""
CLOSE = "Close"
"""On the button of a wizard that changes nothing; *Cancel* would be what several wizards do."""
_WRONG = {re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE): right for pattern, right in INSTEAD.items()}
_BUTTON = re.compile(r"<button\b[^>]*\bspecial=\"cancel\"[^>]*>")
_STRING = re.compile(r"\bstring=\"([^\"]*)\"")


def main() -> int:
    """Prints what is wrong; 1 if anything is."""
    found = [*_other_words(), *_other_buttons()]
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


def _other_buttons() -> Iterator[str]:
    for path in sorted(ADDONS.glob("*/*/*.xml")):
        for button in _BUTTON.findall(path.read_text()):
            if _STRING.findall(button) != [CLOSE]:
                yield f"{path.relative_to(ROOT)}: “{button}” is not called {CLOSE}"


if __name__ == "__main__":
    sys.exit(main())
