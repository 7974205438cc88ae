"""Officials as the service knows them."""

import secrets
from dataclasses import dataclass, field

from pyhanko.sign.signers import SimpleSigner

from bsre.pki import Authority

CODES = {"NOT_REGISTERED": 1110}
"""Of the status of a signer; ISSUE is 1111, and of the others nobody tells."""
ISSUED = 1111


class RefusedError(Exception):
    """What the service answers in place of files: a text, and its own code where one is known."""

    def __init__(self, text: str, code: int | None = None) -> None:
        super().__init__(text)
        self.text, self.code = text, code


@dataclass
class Person:
    """One official."""

    nik: str
    email: str
    name: str
    passphrase: str
    status: str = "ISSUE"
    sent: dict[str, int] = field(default_factory=dict)
    """Codes that were sent and not used, and for how many files."""
    signatures: int = 0
    signer: SimpleSigner | None = None

    def send_totp(self, files: int) -> None:
        self.sent[f"{secrets.randbelow(10**6):06}"] = files

    def prove(self, passphrase: str | None, totp: str | None, files: int) -> None:
        """RefusedError unless it is this person's. A code is used up by being tried."""
        if totp is not None:
            if self.sent.pop(totp, None) != files:
                raise RefusedError("TOTP tidak sesuai")
        elif passphrase != self.passphrase:
            raise RefusedError("Passphrase anda salah", 2031)
        if self.status != "ISSUE":
            raise RefusedError("Proses signing gagal")


class People:
    """All of them, found by NIK or e-mail address."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority
        self._people: list[Person] = []

    def add(self, **told: str) -> None:
        self._people = [person for person in self._people if person.nik != told["nik"]]
        self._people.append(Person(**told))

    def find(self, nik: str | None, email: str | None) -> Person | None:
        """None for one that is not registered, and for one whose status says so."""
        found = [person for person in self._people if person.nik == nik or (email and person.email == email)]
        return found[0] if found and found[0].status != "NOT_REGISTERED" else None

    def must_find(self, nik: str | None, email: str | None) -> Person:
        person = self.find(nik, email)
        if person is None:
            raise RefusedError("User tidak terdaftar", 2011)
        return person

    def signer_of(self, person: Person) -> SimpleSigner:
        """With a certificate of its own, made when it is first needed."""
        if person.signer is None:
            person.signer = self._authority.signer(person.name)
        return person.signer

    def told(self) -> dict[str, dict[str, object]]:
        """For tests, by NIK: how many signatures were made, and which codes wait."""
        return {person.nik: {"signatures": person.signatures, "sent": list(person.sent)} for person in self._people}
