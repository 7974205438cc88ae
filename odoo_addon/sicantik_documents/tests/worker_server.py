"""A worker for the tests: a real listener on this machine that proves signatures, opens
what is sealed to it, keeps it, and gives it out again."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from .opener import open_body, public_point

KEY = "kunci-contoh"
PATH = "/hooks/v1/documents/"
STORAGE = "/hooks/v1/storage"
GIB = 1024**3
FOLDER = {
    "kind": "folder",
    "name": "/var/lib/sicantik/files",
    "state": "ready",
    "reason": None,
    "documents": 12,
    "versions": 15,
    "bytes": 3 * GIB // 2,
    "free_bytes": 60 * GIB,
    "total_bytes": 240 * GIB,
    "is_nearly_full": False,
    "largest_mib": 64,
    "versioning": None,
    "object_lock": None,
}


class WorkerServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Listener)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.point = public_point(self.key)
        # ``{uuid: (head, clear bytes)}``, and each request: (method, uuid, headers).
        self.files, self.heard, self.bodies = {}, [], []
        self.erased = set()
        # ``(status, body)`` that is answered whatever comes; of a GET the same.
        self.says = None
        # What is said of the place of files.
        self.storage = dict(FOLDER)
        # What a GET sends of a file, where it is not the whole.
        self.altered = None
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def stop(self):
        self.shutdown()
        self.server_close()


class _Listener(BaseHTTPRequestHandler):
    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        uuid = self._heard(body)
        self.server.bodies.append(body)
        if self.server.says:
            self._answer(*self.server.says)
        elif not self._is_signed(body):
            self._answer(401, {"code": "unsigned"})
        else:
            self._answer(*self._kept(uuid, body))

    def _kept(self, uuid, body):
        try:
            head, clear = open_body(self.server.key, body)
        except InvalidTag:
            return 409, {"code": "other_key"}
        if hashlib.sha256(clear).hexdigest() != head["sha256"]:
            return 400, {"code": "malformed"}
        if not clear.startswith(b"%PDF"):
            return 422, {"code": "not_pdf"}
        status = 200 if uuid in self.server.files else 201
        self.server.files[uuid] = (head, clear)
        return status, {
            "status": "kept",
            "sha256": head["sha256"],
            "size": len(clear),
            "pages": 3,
            "title": "Judul",
            "signatures": 0,
        }

    def do_GET(self):
        uuid = self._heard(b"")
        if self.server.says:
            self._answer(*self.server.says)
        elif not self._is_signed(b""):
            self._answer(401, {"code": "unsigned"})
        elif self.path == STORAGE:
            self._answer(200, self.server.storage)
        elif uuid not in self.server.files:
            self._answer(404, {"code": "unknown_document"})
        else:
            head, clear = self.server.files[uuid]
            self.send_response(200)
            self.send_header("Content-Type", "application/pdf")
            self.send_header("Content-Length", str(len(clear)))
            self.send_header("X-Sicantik-SHA256", head["sha256"])
            self.end_headers()
            self.wfile.write(clear if self.server.altered is None else b"%PDF")

    def do_DELETE(self):
        uuid = self._heard(b"")
        if self.server.says:
            self._answer(*self.server.says)
        elif not self._is_signed(b""):
            self._answer(401, {"code": "unsigned"})
        elif uuid not in self.server.files and uuid not in self.server.erased:
            self._answer(404, {"code": "unknown_document"})
        else:
            self.server.files.pop(uuid, None)
            self.server.erased.add(uuid)
            self._answer(204, b"")

    def _heard(self, body):
        uuid = self.path.removeprefix(PATH)
        self.server.heard.append((self.command, uuid, dict(self.headers)))
        return uuid

    def _is_signed(self, body):
        digest = hashlib.sha256(body).hexdigest()
        get = self.headers.get
        parts = [self.command, self.path, get("X-Sicantik-Timestamp")]
        parts += [get("X-Sicantik-Nonce"), digest, get("X-Sicantik-Database")]
        text = "\n".join(["v1", *map(str, parts)])
        mac = hmac.new(KEY.encode(), text.encode(), "sha256").hexdigest()
        given = get("X-Sicantik-Signature", "").split(",")
        return f"v1={mac}" in given and get("X-Sicantik-Content-SHA256") == digest

    def _answer(self, status, said):
        text = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_args):
        pass
