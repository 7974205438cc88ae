"""A small client of /jsonrpc for tests: the same on Odoo 18 and 19. The worker's own client is Rust; this one checks it."""

import json
import urllib.request
from typing import Any

_SECONDS = 120.0


class OdooError(Exception):
    """Odoo refused a call. `name` is Odoo's `data.name`, such as `odoo.exceptions.AccessError`."""

    def __init__(self, name: str, message: str, debug: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message
        self.debug = debug


class Session:
    """One signed-in user of one database. The password may be an API key."""

    def __init__(self, url: str, database: str, login: str, password: str) -> None:
        self._url = f"{url}/jsonrpc"
        self._database = database
        self._password = password
        self.uid: int = self._service("common", "authenticate", database, login, password, {})
        if not self.uid:
            raise OdooError("odoo.exceptions.AccessDenied", f"no login as {login}", "")

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """`env[model].method(*args, **kwargs)` as this user; ids of a record method are the first argument."""
        return self._service("object", "execute_kw", self._database, self.uid, self._password, model, method, args, kwargs)

    def _service(self, service: str, method: str, *args: Any) -> Any:
        body = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "call",
            "params": {"service": service, "method": method, "args": args},
        }
        request = urllib.request.Request(self._url, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with _DIRECT.open(request, timeout=_SECONDS) as response:
            answer = json.load(response)
        if "error" in answer:
            data = answer["error"].get("data") or {}
            raise OdooError(
                data.get("name", ""), data.get("message") or answer["error"].get("message", ""), data.get("debug", "")
            )
        return answer.get("result")


_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""No proxy of the environment stands between a test and its own loopback."""
