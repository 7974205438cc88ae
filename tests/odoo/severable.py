"""A way from a worker to its Odoo that can be cut: what is sent hangs, as behind a firewall that drops it."""

import contextlib
import select
import socket
import threading
from urllib.parse import urlsplit

_CHUNK = 65536
_LOOK_SECONDS = 0.05


class Severable:
    """A TCP proxy on the loopback, one thread a connection."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._whole = threading.Event()
        self._whole.set()
        self._closed = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """From now on nothing goes through; connections stay open."""
        self._whole.clear()

    def heal(self) -> None:
        self._whole.set()

    def close(self) -> None:
        self._closed.set()
        self._whole.set()
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(connection,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near, contextlib.suppress(OSError), socket.create_connection(self._target) as far:
            while not self._closed.is_set():
                readable, _, _ = select.select([near, far], [], [], _LOOK_SECONDS)
                for side in readable:
                    self._whole.wait()
                    data = side.recv(_CHUNK)
                    if not data:
                        return
                    (far if side is near else near).sendall(data)
