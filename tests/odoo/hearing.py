"""What the tests of the stand-ins share: a clock, a business that hears webhooks, a plain request, and made-up words."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ANI, BUDI = "6283601008001", "6283601008002"
_SIGNS = "abcXYZ0189 &=+%/\\\"'<>{}äéÇ漢字🌾🙏؟ֿ.,:;!?()[]_-"
"""What may go wrong where texts are quoted, encoded or signed."""


class Clock:
    """Stands still until a test moves it."""

    def __init__(self, now: float = 1_796_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Heard:
    """A webhook as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


class Listener:
    """Takes webhooks as a business does: `codes` are its next answers, 200 after them."""

    def __init__(self) -> None:
        self.codes: list[int] = []
        self.hooks: list[Heard] = []
        self.wait: threading.Event | None = None
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.say(*listener.get(self.path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.hooks.append(Heard(self.path, dict(self.headers), body))
                if listener.wait:
                    listener.wait.wait(10)
                self.say(listener.codes.pop(0) if listener.codes else 200, "")

            def say(self, status: int, body: str) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def get(self, path: str) -> tuple[int, str]:
        """What is answered to a handshake."""
        return 404, ""

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"{self.host}/hooks/whatsapp?office=1"

    def close(self) -> None:
        """Nobody is there any more."""
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def listening() -> Iterator[Listener]:
    """One that ends with the test."""
    listener = Listener()
    try:
        yield listener
    finally:
        listener.close()


def ask(url: str, method: str, path: str, raw: bytes | None, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the answer."""
    connection = HTTPConnection("127.0.0.1", int(url.rpartition(":")[2]), timeout=10)
    try:
        connection.request(method, path, raw, headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def words(chance: random.Random, longest: int = 40) -> str:
    """One that a text's place takes: not empty, in one line, never five blanks."""
    made = "".join(chance.choice(_SIGNS) for _ in range(chance.randint(1, longest)))
    return " ".join(made.split()) or "x"


def number(index: int) -> str:
    """Made up, in digits."""
    return f"628360100{index:04d}"
