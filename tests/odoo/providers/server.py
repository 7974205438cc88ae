"""The HTTP side: reads requests, writes answers, and spoils them where the test wants it."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from providers.answers import Answer

_STOP_SECONDS = 5.0


@dataclass(frozen=True)
class Reply:
    """What is answered."""

    status: int
    body: bytes
    content_type: str = "application/json; charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)
    spoilt: Answer | None = None
    meant: tuple[int, bytes] | None = None
    """Status and body for a message that was taken, whatever a script makes of them."""
    after: Callable[[], object] | None = None
    """Done when the answer has left, or cannot leave any more."""


class Answering(Protocol):
    """What answers."""

    def is_unread(self) -> bool: ...

    def post(self, path: str, headers: Message, raw: bytes) -> Reply: ...

    def get(self, path: str, headers: Message) -> Reply: ...

    def wait(self, seconds: float | None) -> None: ...


class Server(ThreadingHTTPServer):
    """On a port of the loopback, a daemon thread for each connection."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, service: Answering, changed: threading.Condition) -> None:
        self.service = service
        self._changed = changed
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def start(self) -> None:
        """Begins to listen."""
        threading.Thread(target=self.serve_forever, args=(0.01,), name="provider server", daemon=True).start()

    def stop(self) -> None:
        """Ends, and closes what clients keep open."""
        self.shutdown()
        self.server_close()
        with self._changed:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            assert self._changed.wait_for(lambda: not self._open, _STOP_SECONDS), "a connection does not end"

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changed:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._changed:
            self._open.discard(request)
            self._changed.notify_all()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def handle(self) -> None:
        # Clients that give up are what tests are about.
        with suppress(ConnectionError):
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._answer(self.server.service.get(self.path, self.headers))

    def do_POST(self) -> None:
        service = self.server.service
        if service.is_unread():
            self.close_connection = True
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdigit():
            # Where the next request begins is unknown.
            length, self.close_connection = "0", True
        self._answer(service.post(self.path, self.headers, self.rfile.read(int(length))))

    def _answer(self, reply: Reply) -> None:
        spoilt = reply.spoilt
        try:
            if spoilt and spoilt.waits and not spoilt.half:
                self.server.service.wait(spoilt.seconds)
            if spoilt and not spoilt.begins:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in {
                "Content-Type": reply.content_type,
                "Content-Length": str(len(reply.body)),
                **reply.headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            half = len(reply.body) // 2 if spoilt and spoilt.half else 0
            self.wfile.write(reply.body[:half])
            if spoilt and spoilt.half:
                self.server.service.wait(spoilt.seconds)
            self.wfile.write(reply.body[half:])
        finally:
            if reply.after:
                reply.after()
