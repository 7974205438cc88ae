"""Signatures by an office's own authority, made by `sicantik tte` and judged by pyHanko, by pdfsig and by the worker."""

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from parts import WAIT_SECONDS, WORKER, check_built
from pdf_forms import FORMS, WAYS, rewritten, written
from riglib import processes, venv

pytestmark = pytest.mark.one_version

SCRIPT = Path(__file__).parent / "hanko.py"
PASSPHRASE = "kuda benar baterai"
OFFICIALS = {"ani": ("Ani Contoh, S.T.", "Kepala Dinas"), "budi": ("Budi Contoh", "Sekretaris"), "citra": ("Citra", "Bendahara")}
UNTOUCHED = {"NONE", "LTA_UPDATES", "FORM_FILLING"}
CLOCK = """
[tsa]
default_tsa = clock
[clock]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class Clock:
    """A time-stamp service that answers by `openssl ts`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked, self.fails = folder, 0, False
        (folder / "tsa.cnf").write_text(CLOCK)
        (folder / "tsa.ext").write_text("extendedKeyUsage = critical, timeStamping\nkeyUsage = critical, digitalSignature\n")
        (folder / "serial").write_text("01")
        made = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
        self.openssl(f"req -x509 {made} -keyout ca.key -subj /CN=Otoritas-Waktu -days 2 -out clock.pem")
        self.openssl(f"req -new {made} -keyout tsa.key -subj /CN=Waktu -out tsa.csr")
        self.openssl("x509 -req -in tsa.csr -CA clock.pem -CAkey ca.key -CAcreateserial -days 2 -extfile tsa.ext -out tsa.pem")
        clock = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                clock.asked += 1
                assert self.headers["Content-Type"] == "application/timestamp-query"
                answer = b"" if clock.fails else clock.stamp(body)
                self.send_response(503 if clock.fails else 200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/tsa"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def openssl(self, line: str) -> None:
        subprocess.run(["openssl", *line.split()], cwd=self.folder, check=True, capture_output=True)

    def stamp(self, query: bytes) -> bytes:
        (self.folder / "query.tsq").write_bytes(query)
        self.openssl(
            "ts -reply -config tsa.cnf -section clock -queryfile query.tsq -signer tsa.pem -inkey tsa.key -out reply.tsr"
        )
        return (self.folder / "reply.tsr").read_bytes()


class Office:
    """A worker that has been started once, without an Odoo, and whoever judges what it signs."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder, self.clock = folder, clock
        self.variables = {
            "ODOO__URL": "http://127.0.0.1:9",
            "ODOO__DATABASE": "none",
            "ODOO__DATABASE_UUID": "00000000-0000-4000-8000-000000000000",
            "ODOO__LOGIN": "worker",
            "ODOO__API_KEY": "none",
            "HOOK__KEY": "x" * 40,
            "INTERNAL__LISTEN": "127.0.0.1:0",
            "STORE__URL": f"sqlite://{folder}/worker.db",
            "LOG__FILTER": "trace",
        }
        log = folder / "serve.log"
        worker = processes.spawn([WORKER, "serve"], output=log, environment=self.environment())
        up = processes.wait_until(
            lambda: "the worker is up" in log.read_text(), process=worker, seconds=WAIT_SECONDS, what="the worker"
        )
        assert up, log.read_text()
        worker.terminate()
        worker.wait(60)

    def environment(self, **more: str) -> dict[str, str]:
        settings = self.variables | more
        return processes.clean_environment(**{f"SICANTIK__{name}": value for name, value in settings.items()})

    def tte(self, *arguments: Any, typed: str = "", **more: str) -> tuple[int, str]:
        done = processes.attempt([WORKER, "tte", *arguments], environment=self.environment(**more), text=typed)
        said = done.stdout + done.stderr
        assert PASSPHRASE not in said
        return done.returncode, said

    def well(self, *arguments: Any, **more: Any) -> None:
        code, said = self.tte(*arguments, **more)
        assert code == 0, said

    def sign(self, files: list[bytes], who: str, passphrase: str = PASSPHRASE, **more: str) -> tuple[int, dict, list[bytes]]:
        """Exit code, what was told, and the files as they came."""
        shutil.rmtree(self.folder / "to-sign", ignore_errors=True)
        shutil.rmtree(self.folder / "signed", ignore_errors=True)
        (self.folder / "signed").mkdir()
        (self.folder / "to-sign").mkdir()
        paths = [self.folder / "to-sign" / f"{number}.pdf" for number in range(len(files))]
        for path, file in zip(paths, files, strict=True):
            path.write_bytes(file)
        words = ["--signer", f"{who}@kantor.example.go.id", "--reason", "Izin (uji)", "--location", "Kota Contoh"]
        code, said = self.tte("sign", "--json", *words, "--into", self.folder / "signed", *paths, typed=f"{passphrase}\n", **more)
        told = json.loads(next(line for line in said.splitlines() if line.startswith('{"') and "outcome" in line))
        came = [path.read_bytes() for path in sorted((self.folder / "signed").iterdir(), key=lambda path: int(path.stem))]
        for before, after in zip(files, came, strict=False):
            assert after.startswith(before) and len(after) > len(before)
        return code, told, came

    def signed(self, files: list[bytes], who: str, **more: str) -> list[bytes]:
        code, told, came = self.sign(files, who, **more)
        assert code == 0 and told["outcome"] == "signed", told
        assert not any("lacks" in file for file in told["files"]), told
        return came

    def verified(self, file: bytes, *more: Any) -> dict[str, Any]:
        path = self.folder / "verified.pdf"
        path.write_bytes(file)
        trust = ["--anchor", self.folder / "ca.pem", "--time-stamp-anchor", self.clock.folder / "clock.pem"]
        command = [WORKER, "tte", "verify", path, "--json", *trust, *more]
        return json.loads(subprocess.run(command, capture_output=True, timeout=120).stdout)

    def check(self, files: list[bytes], officials: list[str], level: str) -> None:
        """All who judge accept them, with these signers."""
        names = [OFFICIALS[official][0] for official in officials]
        paths = [self.folder / f"judged-{number}.pdf" for number in range(len(files))]
        for path, file in zip(paths, files, strict=True):
            path.write_bytes(file)
            report = self.verified(file)
            assert report["verdict"] == "passed", report
            assert [one["signer"]["common_name"] for one in report["signatures"]] == names, report
            assert {one["level"] for one in report["signatures"]} == {level}, report
            command = ["pdfsig", "-nssdir", f"sql:{self.folder}", path]
            told = subprocess.run(command, capture_output=True, text=True, timeout=60, env={"TZ": "UTC"}).stdout
            assert told.count("Signature is Valid.") == told.count("Certificate is Trusted.") == len(names), told
            done = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, timeout=60)
            assert done.returncode == 0, done.stdout + done.stderr
        for said in self.hanko([{"judge": [str(path), True, str(self.clock.folder / "clock.pem")]} for path in paths]):
            assert [one["signer"] for one in said] == names
            for one in said:
                assert one["well"] and one["trusted"] and one["changed"] in UNTOUCHED, one
                assert one["stamped"] == (level == "B-T"), one
                assert one["says"][1:] == ["Izin (uji)", "Kota Contoh"], one
            assert said[-1]["coverage"] == "ENTIRE_FILE", said

    def hanko(self, orders: list[dict[str, Any]]) -> list[Any]:
        lines = "".join(json.dumps(order) + "\n" for order in orders)
        command = [venv.pyhanko(), "-B", SCRIPT]
        done = subprocess.run(command, cwd=self.folder, input=lines, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    check_built()
    clock = Clock(tmp_path_factory.mktemp("clock"))
    office = Office(tmp_path_factory.mktemp("office"), clock)
    code, said = office.tte("status", "--signer", "ani@kantor.example.go.id")
    assert code == 1 and "tte init" in said, said
    office.well(
        "init", "--name", "Otoritas Contoh", "--organization", "DPMPTSP Contoh", "--certificate", office.folder / "ca.pem"
    )
    for email, (name, title) in OFFICIALS.items():
        who = ["--email", f"{email}@kantor.example.go.id", "--name", name, "--title", title]
        office.well("issue", *who, typed=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    # pyHanko and pdfsig trust the authority.
    shutil.copy(office.folder / "ca.pem", office.folder / "ca.crt")
    database = f"sql:{office.folder}"
    subprocess.run(["certutil", "-d", database, "-N", "--empty-password"], check=True, capture_output=True)
    trust = ["certutil", "-d", database, "-A", "-n", "authority", "-t", "C,C,C", "-i", office.folder / "ca.pem"]
    subprocess.run(trust, check=True, capture_output=True)
    try:
        yield office
    finally:
        clock.server.shutdown()
        clock.server.server_close()


def several(tmp_path: Path) -> dict[str, bytes]:
    """Files of every form, and of every way to write one."""
    files = {name: written(form) for name, form in FORMS.items()}
    return files | {way: rewritten(tmp_path, files["a form"], *options) for way, options in WAYS.items()}


@pytest.mark.parametrize("level", ["B-B", "B-T"])
def test_three_officials_sign_every_form(level: str, office: Office, tmp_path: Path) -> None:
    clock = {"SIGNING__TIME_STAMP_URL": office.clock.url, "SIGNING__TIME_STAMP": "required"} if level == "B-T" else {}
    files = several(tmp_path)
    came, asked = list(files.values()), office.clock.asked
    for count, official in enumerate(OFFICIALS, 1):
        batches = [came[start : start + 20] for start in range(0, len(came), 20)]
        came = [file for batch in batches for file in office.signed(batch, official, **clock)]
        if count > 1:
            office.check(came, list(OFFICIALS)[:count], level)
    assert office.clock.asked - asked == (3 * len(files) if clock else 0)


def test_one_altered_byte_is_seen_by_all(office: Office) -> None:
    [file] = office.signed([written(FORMS["plain"])], "ani")
    altered = bytearray(file)
    altered[file.index(b"72 ")] ^= 1
    report = office.verified(bytes(altered))
    assert (report["verdict"], report["reason"]) == ("failed", "digest"), report
    path = office.folder / "altered.pdf"
    path.write_bytes(altered)
    assert not office.hanko([{"judge": [str(path), True]}])[0][0]["intact"]


def test_who_is_not_the_official_signs_nothing(office: Office) -> None:
    file = written(FORMS["plain"])
    code, told, came = office.sign([file], "ani", "kuda benar bateraI")
    assert (code, told["outcome"], told["why"], came) == (1, "refused", "wrong_passphrase", []), told
    code, told, came = office.sign([file, b"a letter"], "ani")
    assert (code, told["outcome"], told["code"], came) == (1, "refused", "local_not_pdf", []), told
    code, told, came = office.sign([file], "dewi")
    assert (code, told["why"], came) == (1, "not_registered", []), told
    code, said = office.tte("status", "--json", typed="3201010101010001\n")
    assert code == 1 and "needs_email" in said and "3201" not in said, said
    code, said = office.tte("totp", "--json", "--signer", "ani@kantor.example.go.id")
    assert code == 1 and "needs_passphrase" in said, said


def test_without_the_time_a_signature_says_so_or_is_none(office: Office) -> None:
    clock = {"SIGNING__TIME_STAMP_URL": office.clock.url}
    office.clock.fails = True
    try:
        code, told, came = office.sign([written(FORMS["plain"])], "ani", **clock)
        assert code == 0 and told["files"][0]["lacks"]["why"] == "no_time_stamp", told
        office.check(came, ["ani"], "B-B")
        code, told, came = office.sign([written(FORMS["plain"])], "ani", SIGNING__TIME_STAMP="required", **clock)
        assert (code, told["outcome"], told["why"], came) == (1, "away", "no_time_stamp", []), told
    finally:
        office.clock.fails = False


def test_what_the_commands_refuse(office: Office) -> None:
    again = ["--email", "ani@kantor.example.go.id", "--name", "Ani", "--title", "Kepala"]
    other = ["--email", "eka@kantor.example.go.id", "--name", "Eka", "--title", "Kepala"]
    both = f"{PASSPHRASE}\n{PASSPHRASE}\n"
    init = ["init", "--name", "A", "--organization", "B", "--certificate", office.folder / "again.pem"]
    for arguments, typed, words in [
        (init, "", "made once"),
        (["issue", *again], both, "--renew"),
        (["issue", *other], f"{PASSPHRASE}\nanother one here\n", "differ"),
        (["issue", *other], "sebelas hrf\nsebelas hrf\n", "12 characters"),
        (["issue", *other], "", "12 characters"),
        (["issue", "--email", "3201010101010001", "--name", "E", "--title", "K"], both, "e-mail"),
        (["end", "--email", "eka@kantor.example.go.id"], "", "no certificate"),
    ]:
        code, said = office.tte(*arguments, typed=typed)
        assert code == 1 and words in said, said
    assert (office.folder / "again.pem").read_bytes() == (office.folder / "ca.pem").read_bytes(), "given once more"
    code, said = office.tte("status", "--signer", "ani@kantor.example.go.id", SIGNING__PROVIDER="bsre")
    assert code == 2 and "signing.bsre_url" in said, said


def end_later_than(proven: dict[str, Any]) -> None:
    """Times in certificates have no parts of a second, and the service is right within one."""
    latest = datetime.fromisoformat(proven["at"]) + timedelta(seconds=2)
    while datetime.now(UTC) < latest:
        time.sleep(0.05)


def test_an_ended_certificate_is_told_by_the_list(office: Office) -> None:
    who = ["--email", "fajar@kantor.example.go.id", "--name", "Fajar", "--title", "Kepala"]
    address = "http://kantor.example.go.id/tte.crl"
    office.well("issue", *who, typed=f"{PASSPHRASE}\n{PASSPHRASE}\n", SIGNING__REVOCATION_LIST_URL=address)
    clock = {"SIGNING__TIME_STAMP_URL": office.clock.url}
    [plain], [stamped] = (office.signed([written(FORMS["plain"])], "fajar", **settings) for settings in ({}, clock))
    crl = office.folder / "tte.crl"
    office.well("list", crl)
    for file in (plain, stamped):
        assert office.verified(file, "--crl", crl)["verdict"] == "passed"
    end_later_than(office.verified(stamped)["signatures"][0]["proven_time"])
    office.well("end", *who[:2])
    office.well("list", crl)
    shown = subprocess.run(["openssl", "crl", "-inform", "DER", "-in", crl, "-noout", "-text"], capture_output=True, text=True)
    assert shown.stdout.count("Serial Number:") == 1, shown
    # Only a time stamp proves that a signature is older.
    report = office.verified(plain, "--crl", crl)
    assert (report["verdict"], report["reason"]) == ("cannot_tell", "revoked_undated"), report
    assert report["signatures"][0]["revocation"] != "good", report
    report = office.verified(stamped, "--crl", crl)
    assert report["verdict"] == "passed" and report["signatures"][0]["level"] == "B-T", report
    code, told, came = office.sign([written(FORMS["plain"])], "fajar")
    assert (code, told["why"], told["code"], came) == (1, "certificate_ended", "local_revoked", []), told


def test_nothing_of_a_key_or_a_passphrase_lies_in_the_clear(office: Office) -> None:
    for path in office.folder.glob("worker.db*"):
        kept = path.read_bytes()
        assert b"PRIVATE" not in kept and PASSPHRASE.encode() not in kept and b"ani@kantor" not in kept, path
