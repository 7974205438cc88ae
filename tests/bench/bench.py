"""The bench: how quickly permits come into a real Odoo, each figure beside its goal.

`rig.py bench` runs it. It fails when something breaks, never for a missed goal: seconds are no test.
"""

import argparse
import os
import platform
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import prelude  # noqa: F401 (makes the modules below known)

# isort: split
import beside
import document_list
import documents
import handing
import holders
import inbox
import large_files
import pages
import payments
import runs
import serving
import source
import ways
from figures import Figures
from parts import PROFILE, REPOSITORY, check_built
from riglib.cache import say
from riglib.processes import RigError
from riglib.session import ADDONS, Rig

import messages

SUMMARY = REPOSITORY / "target" / "bench" / "summary.json"
OWN_ADDONS = Path(__file__).parent / "addons"
BENCH_ADDON = "sicantik_bench"
PARTS = {
    "installation": lambda rig, figures, _rounds: runs.installation(rig, figures),
    "ways": lambda rig, figures, rounds: _ways(rig, figures, rounds),
    "many": lambda rig, figures, rounds: runs.many(rig, figures, min(rounds, _WHOLE_ROUNDS)),
    "first_sync": lambda rig, figures, _rounds: runs.first_sync(rig, figures),
    "whole_list": lambda rig, figures, _rounds: source.whole_list(rig, figures),
    "cut_list": lambda rig, figures, _rounds: source.cut_list(rig, figures),
    "nights": lambda rig, figures, _rounds: source.nights(rig, figures),
    "life": lambda rig, figures, _rounds: serving.life(rig, figures),
    "busy": lambda rig, figures, _rounds: serving.busy(rig, figures),
    "volume": lambda rig, figures, _rounds: serving.volume(rig, figures),
    "unasked": lambda rig, figures, _rounds: serving.unasked(rig, figures),
    "pages": lambda rig, figures, _rounds: pages.pages(rig, figures),
    "holders": lambda rig, figures, _rounds: holders.large_holder(rig, figures),
    "queue": lambda rig, figures, rounds: messages.messages(rig, figures, rounds),
    "handing": lambda rig, figures, rounds: handing.handing(rig, figures, min(rounds, _WHOLE_ROUNDS)),
    "payments": lambda rig, figures, rounds: payments.payments(rig, figures, min(rounds, _WHOLE_ROUNDS)),
    "documents": lambda rig, figures, rounds: documents.documents(rig, figures, rounds),
    "large_files": lambda rig, figures, _rounds: large_files.large_files(rig, figures),
    "inbox": lambda rig, figures, _rounds: inbox.inbox(rig, figures),
    "document_list": lambda rig, figures, rounds: document_list.document_list(rig, figures, rounds),
}
"""In the order in which they are measured."""
_WHOLE_ROUNDS = 3
"""A whole run takes seconds, a comparison a fraction of one."""


def main(arguments: Sequence[str]) -> int:
    """0 unless something broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--odoo", type=int, default=19)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--beside", metavar="COMMIT", default="")
    parser.add_argument("--only", choices=PARTS, action="append", help="a part of the figures; may be given several times")
    options = parser.parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        check_built()
        _measure(options.odoo, max(options.rounds, 1), options.beside, options.only or list(PARTS))
    except RigError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _ways(rig: Rig, figures: Figures, rounds: int) -> None:
    with runs.simulator_of(rig, 1) as simulator, runs.office_of(rig, simulator, BENCH_ADDON) as office:
        ways.compare(office, figures, rounds)


def _measure(number: int, rounds: int, commit: str, only: Sequence[str]) -> None:
    figures = Figures(say)
    load = os.getloadavg()[0]
    with Rig(number, addons_paths=(ADDONS, OWN_ADDONS), durable=True) as rig:
        machine = f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f} before"
        say(f"{rig.installation}, durable PostgreSQL, {PROFILE} builds; {machine}; medians, then the spread of the rounds")
        for name, measure in PARTS.items():
            if name in only:
                measure(rig, figures, rounds)
        if commit:
            beside.beside(rig, commit, figures, rounds)
        figures.write(
            SUMMARY, odoo_version=f"{number}.0", profile=PROFILE, machine=machine, load_after=round(os.getloadavg()[0], 1)
        )
    print(f"\n{figures.table()}\n", flush=True)
    for figure in figures.missed():
        say(f"MISSED: {figure.name}")


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
