"""Odoo's own test runner on the project's addons, judged strictly: Odoo itself calls a run without any test a success."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from subprocess import CompletedProcess

from .addons import choose, discover, foreign, needed
from .log import Entry, entries
from .processes import RigError
from .session import Rig

_RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
_MODULE = re.compile(r"^(\w+): (\d+) tests ")


@dataclass(frozen=True)
class Outcome:
    """What the run brought; `complaints` is empty when all is well."""

    passed: int
    failed: int
    skipped: tuple[str, ...]
    complaints: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """No failed test, no warning, no module without tests."""
        return not self.failed and not self.complaints

    def __str__(self) -> str:
        parts = [f"{self.passed} passed", f"{self.failed} failed"]
        parts += [f"{len(self.skipped)} skipped"] * bool(self.skipped)
        parts += [f"{len(self.complaints)} complaint(s)"] * bool(self.complaints)
        return ", ".join(parts)


def run(rig: Rig, modules: Sequence[str] = ()) -> Outcome:
    """Install the addons with their tests on a copy of the base database and count.

    Odoo sees no others but those that they build on: with one name an addon is tested by itself.
    """
    every = discover(rig.addons_paths)
    names = [addon.name for addon in choose(every, modules)]
    if not names:
        raise RigError("no addon to test")
    # Without demo data, as an office has it: a test makes what it looks at. The demo data has a test of its own
    # (tests/odoo/test_demo_data.py) and a life of its own (lifecycle.py).
    odoo = rig.database(foreign(every))
    odoo.see_only(set[str]().union(*(needed(every, addon) for addon in choose(every, modules))))
    # With tests Odoo opens its port, whatever --no-http says.
    done = odoo.attempt(
        "-i", ",".join(names), rig.installation.series.without_demo, "--stop-after-init",
        "--test-enable", "--test-tags", ",".join(f"/{name}" for name in names), "--http-port", str(odoo.port),
    )  # fmt: skip
    outcome = _judge(names, list(entries(odoo.log_path)), done, odoo.log_problems())
    rig.discard(odoo)
    return outcome


def _judge(names: Sequence[str], log: Sequence[Entry], done: CompletedProcess[str], problems: Sequence[Entry]) -> Outcome:
    total = failed = 0
    counted: set[str] = set()
    skipped = [entry.text for entry in log if entry.text.startswith("skipped ")]
    for entry in log:
        if entry.logger == "odoo.tests.result" and (match := _RESULT.search(entry.text)):
            failed, total = int(match[1]) + int(match[2]), int(match[3])
        elif entry.logger == "odoo.tests.stats" and (match := _MODULE.match(entry.text)):
            counted.add(match[1])
    complaints = [f"{name} has no test" for name in names if name not in counted]
    complaints += [f"unexpected in the log: {problem}" for problem in problems]
    if done.returncode and not failed:
        complaints.append(f"Odoo ended with exit code {done.returncode}: {done.stderr.strip()[-1000:]}")
    # A test may fail several times, once for each subtest.
    return Outcome(max(0, total - failed - len(skipped)), failed, tuple(skipped), tuple(complaints))
