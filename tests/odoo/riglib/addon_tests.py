"""Odoo's own test runner on the project's addons, judged strictly: Odoo itself calls a run without any test a success."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

from .addons import Addon, choose, discover, families, foreign, needed
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


def run(rig: Rig, modules: Sequence[str] = (), helpers: Sequence[Path] = ()) -> Outcome:
    """Install the addons with their tests on copies of the base database and count.

    The addons of the product that build on each other go together; an addon in the folders `helpers`, which is there for its
    tests only, goes by itself: the product's own tests look at everything that is installed. Odoo sees no others but those
    that they build on, so with one name an addon is tested by itself.
    """
    product = {addon.name for addon in discover(rig.addons_paths)}
    every = discover((*rig.addons_paths, *helpers))
    chosen = choose(every, modules)
    if not chosen:
        raise RigError("no addon to test")
    together = families(every, [addon for addon in chosen if addon.name in product])
    alone = [[addon] for addon in chosen if addon.name not in product]
    return _sum([_tested(rig, every, addons, helpers) for addons in (*together, *alone)])


def _tested(rig: Rig, every: Sequence[Addon], addons: Sequence[Addon], helpers: Sequence[Path]) -> Outcome:
    """What the tests of `addons` brought, in one database."""
    names = [addon.name for addon in addons]
    # Without demo data, as an office has it: a test makes what it looks at. The demo data has a test of its own
    # (tests/odoo/test_demo_data.py) and a life of its own (lifecycle.py).
    odoo = rig.database(foreign(every, addons))
    odoo.see_only(set[str]().union(*(needed(every, addon) for addon in addons)), helpers)
    # With tests Odoo opens its port, whatever --no-http says.
    done = odoo.attempt(
        "-i", ",".join(names), rig.installation.series.without_demo, "--stop-after-init",
        "--test-enable", "--test-tags", ",".join(f"/{name}" for name in names), "--http-port", str(odoo.port),
    )  # fmt: skip
    outcome = _judge(names, list(entries(odoo.log_path)), done, odoo.log_problems())
    rig.discard(odoo)
    return outcome


def _sum(outcomes: Iterable[Outcome]) -> Outcome:
    outcomes = list(outcomes)
    return Outcome(
        sum(one.passed for one in outcomes),
        sum(one.failed for one in outcomes),
        tuple(text for one in outcomes for text in one.skipped),
        tuple(text for one in outcomes for text in one.complaints),
    )


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
