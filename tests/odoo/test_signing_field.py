"""Signature fields as others see them: signed by pyHanko, judged by pyHanko and by pdfsig, also for the second and the third."""

import hashlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from paper import difference, picture
from parts import check_built
from pdf_forms import FORMS, WAYS, hybrid, page, rewritten, written
from revised import FIELD, prepared, qpdf_says, refusal, stamped
from riglib import venv

pytestmark = pytest.mark.one_version

SCRIPT = Path(__file__).parent / "hanko.py"
NAMES = ("Kepala", "Sekretaris", "Bendahara")
ROOM = 8192
UNTOUCHED = {"NONE", "LTA_UPDATES", "FORM_FILLING"}
"""What pyHanko calls a file to which at most signatures came."""


class Signers:
    """An authority that pyHanko and pdfsig trust, officials, and pyHanko itself, who signs for them and judges."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen([venv.pyhanko(), "-B", SCRIPT], cwd=folder, **pipes)

    def make(self) -> None:
        self.ask({"signers": NAMES})
        database = f"sql:{self.folder}"
        subprocess.run(["certutil", "-d", database, "-N", "--empty-password"], check=True, capture_output=True)
        trust = ["certutil", "-d", database, "-A", "-n", "authority", "-t", "C,C,C", "-i", self.folder / "ca.crt"]
        subprocess.run(trust, check=True, capture_output=True)

    def ask(self, order: dict[str, Any]) -> Any:
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, f"pyHanko ended at {order}"
        return json.loads(answer)

    def pdfsig(self, file: bytes) -> str:
        path = self.folder / "signed.pdf"
        path.write_bytes(file)
        command = ["pdfsig", "-nssdir", f"sql:{self.folder}", path]
        # It tells times in the zone of whoever asks.
        return subprocess.run(command, capture_output=True, text=True, timeout=60, env={"TZ": "UTC"}).stdout

    def signed(self, file: bytes, official: str, **changes: Any) -> bytes:
        """The file with one more signature."""
        after, ranges, hole = prepared(file, **changes)
        assert after.startswith(file)
        start, gap, behind, rest = ranges
        assert (start, behind + rest) == (0, len(after)) and (gap, behind) == (hole[0] - 1, hole[1] + 1)
        assert f"/ByteRange [0 {gap} {behind} {rest}".encode() in after[len(file) :]
        assert after[gap:behind] == b"<" + b"0" * (2 * ROOM) + b">"
        digest = hashlib.sha256(after[:gap] + after[behind:]).hexdigest()
        made = self.ask({"sign": [official, digest]}).encode()
        return after[: hole[0]] + made.ljust(2 * ROOM, b"0") + after[hole[1] :]

    def signed_by_hanko(self, file: bytes, official: str, field: str) -> bytes:
        """The file with a signature that has nothing of ours."""
        path = self.folder / "theirs.pdf"
        path.write_bytes(file)
        self.ask({"sign_file": [official, str(path), field]})
        return path.read_bytes()

    def judged(self, file: bytes, is_strict: bool = True) -> list[dict[str, Any]]:
        """What pyHanko says of each signature; pdfsig must say the same."""
        told = self.pdfsig(file)
        by_hanko = self.ask({"judge": [str(self.folder / "signed.pdf"), is_strict]})
        valid, trusted = told.count("Signature is Valid."), told.count("Certificate is Trusted.")
        assert valid == sum(one["valid"] and one["intact"] for one in by_hanko), told
        assert trusted == sum(one["valid"] and one["intact"] and one["trusted"] for one in by_hanko), told
        return by_hanko

    def check_all(self, file: bytes, names: tuple[str, ...], is_strict: bool = True) -> None:
        assert qpdf_says(file, self.folder) == ""
        said = self.judged(file, is_strict)
        assert [one["signer"] for one in said] == list(names)
        assert all(one["well"] for one in said), said
        assert said[-1]["coverage"] == "ENTIRE_FILE", said
        # What came later is more signatures, and nothing else.
        assert all(one["changed"] in UNTOUCHED for one in said), said


@pytest.fixture(scope="module")
def signers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signers]:
    check_built()
    signers = Signers(tmp_path_factory.mktemp("signers"))
    try:
        signers.make()
        yield signers
    finally:
        signers.process.communicate(timeout=60)


@pytest.mark.parametrize("form", FORMS)
def test_three_signatures_hold_in_every_form(form: str, signers: Signers, tmp_path: Path) -> None:
    file = stamped(written(FORMS[form]))
    before = picture(file, tmp_path)
    for place, name in enumerate(NAMES):
        file = signers.signed(file, name)
        if place != 1:
            signers.check_all(file, NAMES[: place + 1])
    assert difference(before, picture(file, tmp_path)) is None, "nothing of a field is seen"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", ["fields in an array that is an object", "a form", "plain"])
def test_two_signatures_hold_whatever_way_the_objects_are_written(form: str, way: str, signers: Signers, tmp_path: Path) -> None:
    file = stamped(rewritten(tmp_path, written(FORMS[form]), *WAYS[way]))
    for name in NAMES[:2]:
        file = signers.signed(file, name)
    signers.check_all(file, NAMES[:2])


@pytest.mark.parametrize("form", ["plain", "annotations", "annotations in an array that is an object", "a form", "300 pages"])
def test_signatures_of_others_hold_before_and_behind_ours(form: str, signers: Signers) -> None:
    file = signers.signed_by_hanko(stamped(written(FORMS[form])), NAMES[0], "First")
    file = signers.signed_by_hanko(signers.signed(file, NAMES[1]), NAMES[2], "Third")
    signers.check_all(file, NAMES)


def test_a_file_for_older_and_newer_readers_is_signed(signers: Signers, tmp_path: Path) -> None:
    file = signers.signed(signers.signed(stamped(hybrid()), "Kepala"), "Sekretaris")
    # pyHanko does not judge such a file unless it is told to; office programs write them every day.
    signers.check_all(file, NAMES[:2], is_strict=False)


def test_a_file_that_others_have_signed_gets_one_more(signers: Signers, tmp_path: Path) -> None:
    file = (Path(__file__).parent / "pdfs" / "signed-twice.pdf").read_bytes()
    after = signers.signed(file, "Kepala", name="Signature1")
    said = signers.judged(after)
    assert [one["field"] for one in said] == ["Signature1", "Signature2", "Signature1-2"]
    assert all(one["intact"] and one["valid"] for one in said), said
    assert all(one["changed"] in {"NONE", "LTA_UPDATES", "FORM_FILLING"} for one in said), said


def test_a_change_of_one_byte_is_seen(signers: Signers, tmp_path: Path) -> None:
    file = bytearray(signers.signed(stamped(written(FORMS["plain"])), "Kepala"))
    place = file.index(b"0.5 g 72")
    file[place] ^= 1
    said = signers.judged(bytes(file))
    assert not said[0]["intact"] and not said[0]["well"]


def test_what_the_signature_says_of_itself(signers: Signers, tmp_path: Path) -> None:
    file = signers.signed(written(FORMS["plain"]), "Kepala", signer="Ny. \u201cContoh\u201d", location="Kota (uji)")
    assert signers.judged(file)[0]["says"] == ["Ny. \u201cContoh\u201d", "Izin diterbitkan (uji)", "Kota (uji)"]
    told = signers.pdfsig(file)
    assert "ETSI.CAdES.detached" in told and "Nov 29 2026 11:00:00" in told, told


def test_what_gets_no_field(tmp_path: Path) -> None:
    order = {"prepare": FIELD}
    level = "/Reference [<< /TransformMethod /DocMDP /TransformParams << /P {} >> >>]"
    signature = "<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> {} >>"
    field = "<< /Type /Annot /Subtype /Widget /FT /Sig /T (A) /Rect [0 0 0 0] /V 8 0 R {} >>"

    def certified(catalog: str, p: int, lock: str = "") -> bytes:
        more = {8: signature.format(level.format(p)).encode(), 9: field.format(lock).encode()}
        form = "/AcroForm << /Fields [9 0 R] /SigFlags 3 >>"
        return written(page(catalog=f"{form} {catalog}", more=more))

    assert refusal(certified("/Perms << /DocMDP 8 0 R >>", 1), order) == "certified"
    assert refusal(certified("", 1), order) == "certified"
    assert refusal(certified("", 2, "/Lock << /Type /SigFieldLock /Action /All /P 1 >>"), order) == "certified"
    prepared(certified("/Perms << /DocMDP 8 0 R >>", 2))
    file = written(FORMS["plain"])
    assert refusal(file, {"prepare": FIELD | {"room": 0}}) == "too_long"
    assert refusal(b"\n" + file, order) == "unfit"
    assert refusal(file[:-30], order) == {"refused": "damaged"}
    assert refusal(written(page(catalog="/AcroForm 3")), order) == "unfit"
