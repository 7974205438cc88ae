"""What may go wrong with an answer, in the order of the tests that ask for it: each of these spoils one call."""

import base64
from dataclasses import dataclass

_LINE = 76
"""Characters, as MIME has it."""


@dataclass(frozen=True)
class Spoilt:
    """How one call ends."""

    kind: str = ""
    """`500`: a good answer under that status. `spring`: an error 500, and nothing is signed. `html`: a page of a proxy, after
    signing. `fewer`, `same`: of the files. `lines`: base64 in lines. `base64`: version 1 answers JSON. `cut_before`,
    `cut_after`: the connection, before or after signing. `half`: cut in the middle of the answer. `half_then_whole`: the
    same, and version 1 still gives the file out once."""
    seconds: float = 0.0
    """Before the answer."""

    @property
    def signs(self) -> bool:
        return self.kind not in ("cut_before", "spring")

    def files(self, before: list[bytes], after: list[bytes]) -> list[bytes]:
        if self.kind == "fewer":
            return after[:-1]
        return before if self.kind == "same" else after

    def encoded(self, file: bytes) -> str:
        text = base64.b64encode(file).decode()
        if self.kind != "lines":
            return text
        return "\r\n".join(text[start : start + _LINE] for start in range(0, len(text), _LINE))


HTML = b"<!DOCTYPE html><html><body><h1>Selamat datang</h1></body></html>"
