"""The service's own calls in both versions, and those of the test that drives it, under `/_stand_in/`."""

import base64
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bsre import pki
from bsre.people import CODES, ISSUED, People, RefusedError
from bsre.spoil import HTML, Spoilt

USER, PASSWORD = "perizinan", "sandi-aplikasi"
OURS = "/_stand_in/"


class Service:
    """What it knows. One call after the other changes it."""

    def __init__(self) -> None:
        self.authority = pki.Authority()
        self.people = People(self.authority)
        self.lock = threading.Lock()
        self.spoils: list[Spoilt] = []
        self.calls: list[str] = []
        self.codes_in_text = False
        """The second shape of errors."""
        self.waiting: dict[str, bytes] = {}
        """Files of version 1 that may be fetched, each once."""

    def next_spoilt(self) -> Spoilt:
        return self.spoils.pop(0) if self.spoils else Spoilt()

    def sign(self, who: dict[str, Any], files: list[bytes], words: dict[str, Any]) -> list[bytes]:
        person = self.people.must_find(who.get("nik"), who.get("email"))
        person.prove(who.get("passphrase"), who.get("totp"), len(files))
        signer = self.people.signer_of(person)
        try:
            signed = [pki.sign(file, signer, words.get("reason"), words.get("location")) for file in files]
        except Exception as error:
            trace = f"com.itextpdf.text.exceptions.InvalidPdfException: Rebuild failed: {error!r:.60}"
            raise RefusedError(f"Proses signing gagal : {trace}") from error
        person.signatures += len(files)
        return signed

    def error(self, refused: RefusedError) -> tuple[int, dict[str, Any]]:
        if refused.code is None:
            return 400, {"error": refused.text, "status_code": 400}
        if self.codes_in_text:
            return 400, {"error": f"Proses signing gagal : {refused.text} {refused.code}", "status_code": 400}
        return 400, {"error": refused.text, "status_code": refused.code}

    def ours(self, what: str, given: Any) -> Any:
        """A call of the test."""
        match what:
            case "person":
                self.people.add(**given)
            case "spoil":
                self.spoils = [Spoilt(**one) for one in given]
            case "codes_in_text":
                self.codes_in_text = given
            case "forget":
                self.calls, self.spoils = [], []
            case "told":
                return {"people": self.people.told(), "calls": self.calls, "ca": self.authority.pem}
        return {}


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    service: Service

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        assert length.isdigit(), "the real one wants a length"
        self._serve(self.rfile.read(int(length)))

    def _serve(self, body: bytes) -> None:
        service = self.service
        with service.lock:
            if self.path.startswith(OURS):
                self._json(200, service.ours(self.path.removeprefix(OURS), json.loads(body or b"null")))
                return
            service.calls.append(f"{self.command} {self.path.rpartition('/')[0] if self.command == 'GET' else self.path}")
            if self.headers.get("Authorization") != _basic():
                self._spring(401, "Unauthorized")
                return
            try:
                self._call(body)
            except RefusedError as refused:
                self._json(*service.error(refused))

    def _call(self, body: bytes) -> None:
        match self.command, self.path:
            case "POST", "/api/v2/sign/pdf":
                self._sign_v2(json.loads(body))
            case "POST", "/api/sign/pdf":
                self._sign_v1(_form(self.headers["Content-Type"], body))
            case "GET", path if path.startswith("/api/sign/download/"):
                self._download(path.rpartition("/")[2])
            case "POST", "/api/v2/sign/get/totp":
                given = json.loads(body)
                self.service.people.must_find(given.get("nik"), given.get("email")).send_totp(given["data"])
                self._json(200, {"message": "TOTP berhasil dikirim"})
            case "POST", "/api/v2/user/check/status":
                given = json.loads(body)
                code, status, message = self._status(given.get("nik"), given.get("email"))
                self._json(200, {"status_code": str(code), "message": message, "status": status})
            case "GET", path if path.startswith("/api/user/status/"):
                code, status, message = self._status(path.rpartition("/")[2], None)
                self._json(200, {"status_code": code, "status": status, "message": message})
            case "POST", "/api/v2/verify/pdf":
                self._json(200, _judged_v2(self.service.authority.verify(base64.b64decode(json.loads(body)["file"]))))
            case "POST", "/api/sign/verify":
                given = _form(self.headers["Content-Type"], body)
                self._json(200, _judged_v1(self.service.authority.verify(given["signed_file"])))
            case _:
                self._spring(404, "Not Found")

    def _status(self, nik: str | None, email: str | None) -> tuple[int, str, str]:
        person = self.service.people.find(nik, email)
        status = person.status if person else "NOT_REGISTERED"
        message = "User memiliki sertifikat aktif" if status == "ISSUE" else "User belum terdaftar" if person is None else status
        return CODES.get(status, ISSUED), status, message

    def _sign_v2(self, given: dict[str, Any]) -> None:
        before = [base64.b64decode(file, validate=True) for file in given["file"]]
        assert len(given["signatureProperties"]) in (1, len(before))
        spoilt = self.service.next_spoilt()
        after = self.service.sign(given, before, given["signatureProperties"][0]) if spoilt.signs else []
        files = [spoilt.encoded(file) for file in spoilt.files(before, after)]
        self._answer(spoilt, json.dumps({"time": 1200, "file": files}).encode(), "application/json")

    def _sign_v1(self, given: dict[str, bytes]) -> None:
        who = {name: given[name].decode() for name in ("nik", "passphrase")}
        words = {name: given[name].decode() for name in ("reason", "location") if name in given}
        assert given["tampilan"] == b"invisible"
        spoilt = self.service.next_spoilt()
        after = self.service.sign(who, [given["file"]], words) if spoilt.signs else []
        [*files] = spoilt.files([given["file"]], after)
        file, identity = files[0] if files else b"", f"id-{len(self.service.waiting)}"
        self.service.waiting[identity] = file
        if spoilt.kind != "half_then_whole":
            self.service.waiting[identity] = b""
        if spoilt.kind == "base64":
            self._answer(spoilt, json.dumps({"base64_signed_file": spoilt.encoded(file)}).encode(), "application/json", identity)
        else:
            self._answer(spoilt, file, "application/pdf", identity)

    def _download(self, identity: str) -> None:
        file, self.service.waiting[identity] = self.service.waiting.get(identity, b""), b""
        if file:
            self._send(200, file, "application/pdf")
        else:
            self._json(404, {"error": "Dokumen telah didownload sebelumnya", "status_code": 404})

    def _answer(self, spoilt: Spoilt, body: bytes, kind: str, identity: str = "") -> None:
        time.sleep(spoilt.seconds)
        if spoilt.kind in ("cut_before", "cut_after"):
            self.close_connection = True
        elif spoilt.kind == "spring":
            self._spring(500, "Internal Server Error")
        elif spoilt.kind == "html":
            self._send(200, HTML, "text/html")
        else:
            half = len(body) // 2 if spoilt.kind.startswith("half") else None
            self._send(500 if spoilt.kind == "500" else 200, body, kind, identity, half)

    def _spring(self, status: int, error: str) -> None:
        told = {"timestamp": "2026-11-29T03:00:00.000+0000", "status": status, "error": error, "path": self.path}
        self._json(status, told)

    def _json(self, status: int, told: Any) -> None:
        self._send(status, json.dumps(told).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str, identity: str = "", only: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if identity:
            self.send_header("id_dokumen", identity)
        self.end_headers()
        self.wfile.write(body[:only])
        self.close_connection = self.close_connection or only is not None


def _basic() -> str:
    return "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


def _form(kind: str, body: bytes) -> dict[str, bytes]:
    """The parts of a form by their names."""
    boundary = kind.partition("boundary=")[2].encode()
    parts = {}
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        parts[head.partition(b'name="')[2].partition(b'"')[0].decode()] = value.removesuffix(b"\r\n")
    return parts


def _judged_v2(found: list[tuple[str, str, bool, bool]]) -> dict[str, Any]:
    signatures = [
        {"signerName": name, "signatureDate": when, "integrityValid": intact, "certificateTrusted": trusted}
        for name, when, intact, trusted in found
    ]
    good = found and all(intact and trusted for *_, intact, trusted in found)
    conclusion = "VALID" if good else "INVALID" if found else "NO_SIGNATURE"
    return {"conclusion": conclusion, "description": "", "signatureCount": len(found), "signatureInformations": signatures}


def _judged_v1(found: list[tuple[str, str, bool, bool]]) -> dict[str, Any]:
    details = [
        {
            "info_signer": {"signer_name": name, "cert_user_certified": trusted},
            "signature_document": {"document_integrity": intact, "signed_in": when},
        }
        for name, when, intact, trusted in found
    ]
    good = all(intact and trusted for *_, intact, trusted in found)
    summary = None if not found else "VALID" if good else "DOCUMENT NOT VALID !!!"
    return {"nama_dokumen": "document.pdf", "jumlah_signature": len(found), "summary": summary, "notes": "", "details": details}


def main() -> None:
    """On a port of the loopback."""
    Handler.service = Service()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)
