"""The service's process, seen from a test."""

import base64
import json
import re
import urllib.request
from pathlib import Path
from typing import Any, Self

from riglib import processes, venv
from riglib.rpc import DIRECT

HERE = Path(__file__).resolve().parent
USER, PASSWORD = "perizinan", "sandi-aplikasi"
SECONDS = 120.0
"""A limit of patience: pyHanko takes seconds to be loaded on a busy machine."""


class StandIn:
    """On a port of the loopback, until it is left."""

    def __init__(self, folder: Path) -> None:
        self._output = folder / "bsre.log"
        self.folder = folder

    def __enter__(self) -> Self:
        environment = processes.clean_environment(PYTHONPATH=str(HERE.parent), PYTHONDONTWRITEBYTECODE="1")
        self._process = processes.spawn([venv.pyhanko(), "-m", "bsre"], output=self._output, environment=environment)
        up = processes.wait_until(self._is_up, process=self._process, seconds=SECONDS, what="the eSign Client Service")
        assert up, processes.tail(self._output)
        self.url = self._output.read_text().splitlines()[0]
        self.ca = self.folder / "ca.pem"
        self.ca.write_text(self.told()["ca"])
        return self

    def __exit__(self, *_: object) -> None:
        processes.stop(self._process)

    def environment(self, api: str = "v2", **more: str) -> dict[str, str]:
        """What the worker is told."""
        told = {"URL": self.url, "USER": USER, "PASSWORD": PASSWORD, "API": api} | more
        return {f"SICANTIK__SIGNING__BSRE_{name}": value for name, value in told.items()}

    def person(self, nik: str, name: str, passphrase: str, status: str = "ISSUE") -> None:
        email = f"{name.split()[0].lower()}@example.go.id"
        self._ask("person", {"nik": nik, "name": name, "email": email, "passphrase": passphrase, "status": status})

    def spoil(self, *kinds: str, seconds: float = 0.0) -> None:
        """The next calls that sign, each in its own way."""
        self._ask("spoil", [{"kind": kind, "seconds": seconds} for kind in kinds])

    def say_codes_in_text(self, whether: bool) -> None:
        self._ask("codes_in_text", whether)

    def forget(self) -> None:
        """The calls so far, and what was to be spoilt."""
        self._ask("forget", None)

    def told(self) -> dict[str, Any]:
        return self._ask("told", None)

    def calls(self) -> list[str]:
        return self.told()["calls"]

    def signatures(self, nik: str) -> int:
        """How many it has made."""
        return self.told()["people"][nik]["signatures"]

    def code_of(self, nik: str) -> str:
        """What was sent to the signer last."""
        return self.told()["people"][nik]["sent"][-1]

    def judge(self, pdf: bytes) -> dict[str, Any]:
        """pyHanko's own judgement, with the authority of the test."""
        request = urllib.request.Request(
            f"{self.url}/api/v2/verify/pdf",
            json.dumps({"file": base64.b64encode(pdf).decode()}).encode(),
            {"Authorization": "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()},
        )
        with DIRECT.open(request, timeout=SECONDS) as answer:
            return json.load(answer)

    def _is_up(self) -> bool:
        return re.match(r"http://\S+\n", self._output.read_text()) is not None

    def _ask(self, what: str, given: Any) -> Any:
        request = urllib.request.Request(f"{self.url}/_stand_in/{what}", json.dumps(given).encode())
        with DIRECT.open(request, timeout=SECONDS) as answer:
            return json.load(answer)
