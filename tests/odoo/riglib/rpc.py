"""Small clients of Odoo for tests, the same on 18 and 19. The worker's own client is Rust; these check it."""

import json
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from typing import Any

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Asks servers on this machine, whatever proxy the environment names."""
_SECONDS = 120.0
_EXPIRED = "odoo.http.SessionExpiredException"


class OdooError(Exception):
    """Odoo refused a call. `name` is Odoo's `data.name`, such as `odoo.exceptions.AccessError`."""

    def __init__(self, name: str, message: str, debug: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message
        self.debug = debug


class Session:
    """One person signed in to one database, as a browser is: the password is hashed once, not with each call."""

    def __init__(self, url: str, database: str, login: str, password: str) -> None:
        self._url = url
        self._account = {"db": database, "login": login, "password": password}
        # No proxy of the environment stands between a test and its own loopback.
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )
        self.uid: int = self._sign_in()

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """`env[model].method(*args, **kwargs)` as this user; ids of a record method are the first argument."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        try:
            return self._post("/web/dataset/call_kw", params)
        except OdooError as error:
            if error.name != _EXPIRED:
                raise
        # Odoo ends a session with the password that it began with: whoever still knows the right one is let in.
        self._sign_in()
        return self._post("/web/dataset/call_kw", params)

    def ask(self, path: str, **params: Any) -> Any:
        """What a page of the web client asks for beside `call`, such as `/web/action/load`."""
        return self._post(path, params)

    def fetch(self, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """A page, or what a `body` sent to it is answered: the status and the bytes, also of a refusal."""
        request = urllib.request.Request(self._url + path, body, headers)
        try:
            with self._opener.open(request, timeout=_SECONDS) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read()

    def _sign_in(self) -> int:
        uid = self._post("/web/session/authenticate", self._account)["uid"]
        if not uid:
            raise OdooError("odoo.exceptions.AccessDenied", f"no login as {self._account['login']}", "")
        return uid

    def _post(self, path: str, params: Any) -> Any:
        return _exchange(self._opener, self._url + path, params)


class KeySession:
    """A script's user: the API key (or the password) goes with each call to /jsonrpc, so a revoked one is refused at once."""

    def __init__(self, url: str, database: str, login: str, key: str) -> None:
        self._url = f"{url}/jsonrpc"
        self._database = database
        self._key = key
        self.uid: int = self._service("common", "authenticate", database, login, key, {})
        if not self.uid:
            raise OdooError("odoo.exceptions.AccessDenied", f"no login as {login}", "")

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """The same as `Session.call`."""
        return self._service("object", "execute_kw", self._database, self.uid, self._key, model, method, args, kwargs)

    def _service(self, service: str, method: str, *args: Any) -> Any:
        return _exchange(DIRECT, self._url, {"service": service, "method": method, "args": args})


def _exchange(opener: urllib.request.OpenerDirector, url: str, params: Any) -> Any:
    body = {"jsonrpc": "2.0", "id": 1, "method": "call", "params": params}
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with opener.open(request, timeout=_SECONDS) as response:
        answer = json.load(response)
    if "error" in answer:
        data = answer["error"].get("data") or {}
        raise OdooError(data.get("name", ""), data.get("message") or answer["error"].get("message", ""), data.get("debug", ""))
    return answer.get("result")
