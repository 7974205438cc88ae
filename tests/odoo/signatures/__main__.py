"""Makes all files, and says what each is, and what pyHanko says of it."""

import json
import logging
import sys
from dataclasses import asdict
from pathlib import Path

from . import attacks, honest, people
from .judge import judge


def main(folder: Path) -> None:
    """All of it, into that folder."""
    logging.disable()  # pyHanko tells of each forged file at length
    people.write(folder)
    cases = [*honest.cases(folder), *attacks.cases()]
    told = []
    for number, case in enumerate(cases):
        path = folder / f"{number:03}.pdf"
        path.write_bytes(case.file)
        verdict, words = judge(case.file)
        told.append(asdict(case) | {"file": path.name, "pyhanko": verdict, "words": words})
    (folder / "cases.json").write_text(json.dumps(told, indent=1))


main(Path(sys.argv[1]))
