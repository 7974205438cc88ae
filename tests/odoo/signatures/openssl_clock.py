"""A service that gives the time by `openssl ts`: tokens that neither pyHanko nor the worker has made."""

import subprocess
from pathlib import Path

from asn1crypto import tsp
from cryptography.hazmat.primitives import serialization
from pyhanko.sign.timestamps import TimeStamper

from .people import Person

_SETTINGS = """
[tsa]
default_tsa = clock
[clock]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1, millisecs:500
ordering = no
tsa_name = {tsa_name}
ess_cert_id_chain = no
ess_cert_id_alg = {ess}
"""


class OpensslClock(TimeStamper):
    """With that certificate, which tokens name by a digest of either version."""

    def __init__(self, person: Person, folder: Path, *, ess: str = "sha256", tsa_name: bool = False) -> None:
        super().__init__()
        self._folder, self._person = folder, person
        (folder / "serial").write_text("01")
        (folder / "tsa.cnf").write_text(_SETTINGS.format(folder=folder, ess=ess, tsa_name="yes" if tsa_name else "no"))
        (folder / "tsa.pem").write_bytes(person.pem())
        (folder / "above.pem").write_bytes(b"".join(one.pem() for one in person.above))
        key = person.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / "tsa.key").write_bytes(key)

    def request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """What openssl answers."""
        (self._folder / "ask.tsq").write_bytes(req.dump())
        command = (
            "openssl ts -reply -config tsa.cnf -section clock -queryfile ask.tsq -signer tsa.pem -inkey tsa.key -chain above.pem"
        )
        done = subprocess.run(command.split(), cwd=self._folder, check=True, capture_output=True)
        return tsp.TimeStampResp.load(done.stdout)

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return self.request_tsa_response(req)
