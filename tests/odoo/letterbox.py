"""A mail server for tests: takes what Odoo sends, as a real one does, and keeps it to be read."""

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType

_OK = b"250 OK\r\n"
_SIMPLE = {
    "EHLO": b"250 letterbox\r\n",
    "HELO": b"250 letterbox\r\n",
    "MAIL": _OK,
    "NOOP": _OK,
    "RSET": _OK,
    "DATA": b"354 Go ahead\r\n",
    "QUIT": b"221 Bye\r\n",
}


class Letterbox:
    """`with Letterbox() as letterbox:` listens on a port of the loopback; `refused` are addresses that it does not know."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refused: set[str] = set()
        letterbox = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                letterbox._talk(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def __enter__(self) -> "Letterbox":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _talk(self, client: socketserver.StreamRequestHandler) -> None:
        """One SMTP session (RFC 5321), without extensions."""
        client.wfile.write(b"220 letterbox\r\n")
        for line in client.rfile:
            verb = line[:4].decode(errors="replace").upper()
            if verb == "RCPT":
                address = line.decode(errors="replace").partition("<")[2].partition(">")[0]
                known = address not in self.refused
                client.wfile.write(_OK if known else b"550 5.1.1 <" + address.encode() + b"> unknown\r\n")
                continue
            client.wfile.write(_SIMPLE.get(verb, b"502 Not here\r\n"))
            if verb == "DATA":
                self._take(client)
            elif verb == "QUIT":
                return

    def _take(self, client: socketserver.StreamRequestHandler) -> None:
        lines: list[bytes] = []
        for line in client.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b"."))
        letter = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        client.wfile.write(_OK)


def html_of(letter: EmailMessage) -> str:
    """What the applicant sees."""
    part = letter.get_body(("html",))
    assert part, letter.as_string()[:500]
    return part.get_content()
