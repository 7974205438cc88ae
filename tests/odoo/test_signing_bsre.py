"""The worker's client of BSrE's eSign Client Service against one that signs with pyHanko, driven by `sicantik tte`."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bsre.stand_in import StandIn
from parts import WORKER, check_built
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from riglib import processes, venv

pytestmark = pytest.mark.one_version

NIK, NAME, PASSPHRASE = "3201010101010001", "Ani Contoh", 'Rahasia "Pejabat"\\#1'
EMAIL = "ani@example.go.id"
SIGN = {"v2": "POST /api/v2/sign/pdf", "v1": "POST /api/sign/pdf"}
PDFSIG = Path("/usr/bin/pdfsig")
MEASURED = """
import os, sys
child = os.fork() or os.execve(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(child, 0)
sys.exit(f"{status} {used.ru_maxrss}")
"""
"""Runs a command. What is told of its memory counts from the process that it was forked from, so that has to be small."""


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    check_built()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with StandIn(tmp_path_factory.mktemp("bsre")) as stand_in:
        yield stand_in


@pytest.fixture
def bsre(service: StandIn) -> StandIn:
    """With one official, who can sign."""
    service.forget()
    service.say_codes_in_text(False)
    service.person(NIK, NAME, PASSPHRASE)
    return service


@pytest.fixture
def tte(bsre: StandIn, tmp_path: Path) -> Any:
    """`sicantik tte …`: exit code, what it told, and everything that it said."""

    def call(
        *arguments: str | Path, typed: str = f"{NIK}\n{PASSPHRASE}\n", api: str = "v2", **more: str
    ) -> tuple[int, dict, str]:
        variables = processes.clean_environment(**bsre.environment(api, **more), SICANTIK__LOG__FILTER="trace")
        done = processes.attempt([WORKER, "tte", *arguments, "--json"], environment=variables, text=typed)
        said = done.stdout + done.stderr
        for secret in (NIK, "Rahasia", "sandi-aplikasi"):
            assert secret not in said, said
        return done.returncode, json.loads(done.stdout) if done.stdout else {}, said

    return call


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three permits, of a few KiB and of two MiB."""
    paths = []
    for number in range(3):
        path = tmp_path / f"izin-{number}.pdf"
        canvas = Canvas(str(path), pagesize=(595, 842))
        canvas.drawString(72, 760, f"IZIN 503/{number:04}/CONTOH/2026")
        if number == 1:
            canvas.drawImage(ImageReader(Image.effect_noise((1600, 1600), 200)), 72, 300, 200, 200)
        canvas.save()
        paths.append(path)
    assert paths[1].stat().st_size > 2**21 > 100 * paths[0].stat().st_size
    return paths


def folder(tmp_path: Path) -> Path:
    into = tmp_path / f"signed-{time.monotonic_ns()}"
    into.mkdir()
    return into


def judged(bsre: StandIn, path: Path) -> str:
    """What pyHanko says of it, without a line of ours; pdfsig has no other opinion where it is there."""
    options = ["--trust-replace", "--trust", bsre.ca, "--no-revocation-check"]
    command = [venv.pyhanko().parent / "pyhanko", "sign", "validate", *options, path]
    said = subprocess.run(command, capture_output=True, text=True, timeout=120)
    verdicts = [line.rpartition(":INTACT:")[2] or line for line in said.stdout.split()]
    if PDFSIG.exists():
        pdfsig = subprocess.run([PDFSIG, path], capture_output=True, text=True, timeout=120).stdout
        assert pdfsig.count("Signature is Valid") == len(verdicts), pdfsig
    return " ".join(verdicts)


@pytest.mark.parametrize("api", ["v2", "v1"])
def test_what_comes_back_is_the_file_with_a_signature_that_others_accept(
    api: str, bsre: StandIn, tte: Any, files: list[Path], tmp_path: Path
) -> None:
    into = folder(tmp_path)
    sent = files if api == "v2" else files[1:2]
    code, told, said = tte("sign", "--reason", "Izin terbit", "--into", into, *sent, api=api)
    assert (code, told["outcome"]) == (0, "signed"), said
    assert bsre.calls() == [SIGN[api]]
    for path in sent:
        signed = (into / path.name).read_bytes()
        assert signed.startswith(path.read_bytes()) and b"Izin terbit" in signed
        assert judged(bsre, into / path.name) == "TRUSTED,UNTOUCHED"
    # Signed again it has two signatures, and both hold.
    again = folder(tmp_path)
    code, told, said = tte("sign", "--into", again, into / sent[0].name, api=api)
    assert (code, told["outcome"]) == (0, "signed"), said
    assert judged(bsre, again / sent[0].name).count("TRUSTED") == 2
    code, told, said = tte("second-opinion", again / sent[0].name, api=api, typed="")
    assert (told["conclusion"], told["count"]) == ("VALID", 2), said


def test_a_totp_holds_for_one_call_and_so_many_files(bsre: StandIn, tte: Any, files: list[Path], tmp_path: Path) -> None:
    def sign(code: str, *sent: Path) -> dict[str, Any]:
        return tte("sign", "--signer", EMAIL, "--totp", "--into", folder(tmp_path), *sent, typed=f"{code}\n")[1]

    assert tte("totp", "--signer", EMAIL, "--files", "3", typed="")[0] == 0
    code = bsre.code_of(NIK)
    assert sign(code, *files)["outcome"] == "signed"
    assert sign(code, *files)["outcome"] == "refused", "it was used"
    tte("totp", "--files", "3")
    assert sign(bsre.code_of(NIK), files[0])["outcome"] == "refused", "it was for three"
    assert sign("000000x", files[0])["outcome"] == "refused"
    code, told, said = tte("totp", api="v1")
    assert (code, told["why"]) == (1, "needs_passphrase"), said
    assert bsre.signatures(NIK) == 3


@pytest.mark.parametrize("api", ["v2", "v1"])
def test_the_status_says_who_can_sign(api: str, bsre: StandIn, tte: Any) -> None:
    words = {
        "ISSUE": "issued",
        "EXPIRED": "expired",
        "RENEW": "renewing",
        "WAITING_FOR_VERIFICATION": "waiting_for_verification",
        "NEW": "new",
        "NO_CERTIFICATE": "none",
        "NOT_REGISTERED": "not_registered",
        "SUSPEND": "suspended",
        "REVOKE": "revoked",
    }
    for status, word in words.items():
        bsre.person(NIK, NAME, PASSPHRASE, status)
        code, told, said = tte("status", api=api)
        assert (told["certificate"], code) == (word, 0 if status == "ISSUE" else 1), said
    assert tte("status", typed="3201010101010009\n", api=api)[1]["certificate"] == "not_registered"


@pytest.mark.parametrize("in_text", [False, True])
@pytest.mark.parametrize("api", ["v2", "v1"])
def test_each_refusal_is_told_in_both_shapes(
    api: str, in_text: bool, bsre: StandIn, tte: Any, files: list[Path], tmp_path: Path
) -> None:
    bsre.say_codes_in_text(in_text)

    def sign(path: Path, typed: str) -> tuple[str, str]:
        code, told, said = tte("sign", "--into", folder(tmp_path), path, typed=typed, api=api)
        assert (code, told["outcome"]) == (1, "refused"), said
        return told["why"], told["code"]

    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nno more\n%%EOF\n")
    assert sign(files[0], f"{NIK}\nsalah\n") == ("wrong_passphrase", "bsre_2031")
    assert sign(files[0], "3201010101010009\nx\n") == ("not_registered", "bsre_2011")
    assert sign(broken, f"{NIK}\n{PASSPHRASE}\n") == ("unreadable_pdf", "bsre_http_400")
    bsre.person(NIK, NAME, PASSPHRASE, "EXPIRED")
    assert sign(files[0], f"{NIK}\n{PASSPHRASE}\n") == ("other", "bsre_http_400")
    code, told, _ = tte("sign", "--into", folder(tmp_path), files[0], api=api, PASSWORD="salah")
    assert (code, told["why"]) == (1, "credentials")


@pytest.mark.parametrize(
    ("api", "kind", "outcome", "why", "signed"),
    [
        ("v2", "500", "signed", None, 3),
        ("v2", "lines", "signed", None, 3),
        ("v2", "html", "unknown", "no_files", 3),
        ("v2", "fewer", "unknown", "wrong_count", 3),
        ("v2", "same", "unknown", "same_file", 3),
        ("v2", "spring", "unknown", "provider_failed", 0),
        ("v2", "cut_before", "unknown", "no_answer", 0),
        ("v2", "cut_after", "unknown", "no_answer", 3),
        ("v2", "half", "unknown", "no_answer", 3),
        ("v1", "500", "signed", None, 1),
        ("v1", "base64", "signed", None, 1),
        ("v1", "html", "unknown", "no_files", 1),
        ("v1", "same", "unknown", "same_file", 1),
        ("v1", "spring", "unknown", "provider_failed", 0),
        ("v1", "cut_before", "unknown", "no_answer", 0),
        ("v1", "cut_after", "unknown", "no_answer", 1),
        ("v1", "half", "unknown", "no_answer", 1),
        ("v1", "half_then_whole", "signed", None, 1),
    ],
)
def test_an_answer_is_worth_what_it_holds_and_nothing_is_sent_twice(
    api: str, kind: str, outcome: str, why: str | None, signed: int, bsre: StandIn, tte: Any, files: list[Path], tmp_path: Path
) -> None:
    sent, into = files if api == "v2" else files[:1], folder(tmp_path)
    bsre.spoil(kind)
    code, told, said = tte("sign", "--into", into, *sent, api=api)
    assert (told["outcome"], told.get("why"), code) == (outcome, why, 0 if outcome == "signed" else 3), said
    assert [call for call in bsre.calls() if "download" not in call] == [SIGN[api]], "once"
    assert bsre.signatures(NIK) == signed
    assert len(list(into.iterdir())) == (len(sent) if outcome == "signed" else 0)
    for path in into.iterdir():
        assert judged(bsre, path) == "TRUSTED,UNTOUCHED"


def test_a_time_out_after_sending_is_unknown_and_before_is_away(
    bsre: StandIn, tte: Any, files: list[Path], tmp_path: Path
) -> None:
    bsre.spoil("", seconds=3)
    code, told, said = tte("sign", "--into", folder(tmp_path), files[0], TIMEOUT_SECONDS="1")
    assert (code, told["outcome"], told["why"]) == (3, "unknown", "no_answer"), said
    bsre.spoil("", seconds=3)
    code, told, said = tte("sign", "--into", folder(tmp_path), files[0])
    assert (code, told["outcome"]) == (0, "signed"), "slow is no fault"
    url = f"http://127.0.0.1:{processes.free_port()}"
    code, told, said = tte("sign", "--into", folder(tmp_path), files[0], URL=url)
    assert (code, told["outcome"], told["why"]) == (1, "away", "unreachable"), said


def test_no_file_lies_in_memory_twice(bsre: StandIn, files: list[Path], tmp_path: Path) -> None:
    def memory(path: Path) -> int:
        """Bytes that it took at most to have this file signed."""
        command = [venv.PYTHON, "-c", MEASURED, WORKER, "tte", "sign", "--into", folder(tmp_path), path]
        variables = processes.clean_environment(**bsre.environment())
        done = processes.attempt(command, environment=variables, text=f"{NIK}\n{PASSPHRASE}\n")
        status, kib = map(int, done.stderr.split())
        assert status == 0, done.stdout
        return kib * 1024

    large = tmp_path / "large.pdf"
    canvas = Canvas(str(large), pagesize=(595, 842))
    canvas.drawImage(ImageReader(Image.effect_noise((4000, 4000), 200)), 72, 300, 200, 200)
    canvas.save()
    size = large.stat().st_size
    assert size > 10 * 2**20
    assert memory(large) - memory(files[0]) < 1.25 * size


def test_a_nik_does_not_stand_on_the_command_line(bsre: StandIn, files: list[Path]) -> None:
    variables = processes.clean_environment(**bsre.environment())
    done = processes.attempt([WORKER, "tte", "status", "--signer", NIK], environment=variables)
    assert done.returncode == 1 and "command line" in done.stderr and NIK not in done.stderr
