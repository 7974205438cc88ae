"""What the worker says of signatures that pyHanko made, and of forged ones, beside what pyHanko says of them."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from parts import WORKER, check_built
from riglib import venv

pytestmark = pytest.mark.one_version

CODES = {"passed": 0, "failed": 1, "cannot_tell": 3}
"""How the command ends."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All files, made and judged by a process that has no line of the worker."""
    check_built()
    made = tmp_path_factory.mktemp("signatures")
    command = [venv.pyhanko(), "-m", "signatures", made]
    subprocess.run(command, cwd=Path(__file__).parent, check=True, timeout=600)
    return made


def verify(folder: Path, name: str, *more: str) -> dict[str, Any]:
    trust = ["--anchor", folder / "root.pem", "--time-stamp-anchor", folder / "clock.pem", "--crl", folder / "revoked.crl"]
    command = [WORKER, "tte", "verify", folder / name, "--json", *trust, *more]
    done = subprocess.run(command, capture_output=True, timeout=120)
    report = json.loads(done.stdout)
    assert done.returncode == CODES[report["verdict"]], done.stderr
    return report


def test_the_worker_and_pyhanko_agree(folder: Path) -> None:
    cases = json.loads((folder / "cases.json").read_text())
    wrong, agreed = [], 0
    for case in cases:
        report = verify(folder, case["file"])
        verdict, reason = report["verdict"], report.get("reason")
        told = f"{case['file']} {case['name']}: the worker says {verdict} {reason}, pyHanko {case['pyhanko']} ({case['words']})"
        wanted, _, wanted_reason = case["expected"].partition(":")
        if case["revocation"] not in (None, *[one["revocation"]["state"] for one in report["signatures"][:1]]):
            wrong.append(f"{told}; revocation should be {case['revocation']}, not {report['signatures'][0]['revocation']}")
        if verdict != wanted or wanted_reason not in ("", reason):
            wrong.append(f"{told}; expected was {case['expected']}")
        elif verdict == case["pyhanko"]:
            agreed += 1
            if case["why"]:
                wrong.append(f"{told}; both say the same, and a difference was explained")
        elif case["why"]:
            print(f"{told}; {case['why']}")
        else:
            wrong.append(f"{told}; nobody says why they differ")
    print(f"{len(cases)} files, {agreed} with the same verdict")
    assert not wrong, "\n".join(wrong)
    assert agreed >= 60
