"""The demonstration: an office's Odoo, a stand-in SICANTIK and the worker, brought together as an administrator does it.

`rig.py demo` serves them until Ctrl-C. With --once it waits for both syncs, compares every permit in Odoo with the
simulator's truth, looks that the office is alive (`living.py`), writes target/demo/summary.json and ends.
"""

import argparse
import json
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import filing
import living
import writing
from parts import OPEN_STATES, REPOSITORY, Office, Simulator, check_built, connect
from providers.account import Provider
from riglib.cache import say
from riglib.processes import RigError, tail
from riglib.server import Odoo
from riglib.session import Rig
from truth import differences
from whatsapp import Sender

PERMITS = 500
SUMMARY = REPOSITORY / "target" / "demo" / "summary.json"
CONNECTOR = "sicantik_connector"
WHATSAPP = "sicantik_whatsapp"
DOCUMENTS = "sicantik_documents"
OFFICE_SETTINGS = {"SICANTIK__WORKER__LEASE_SECONDS": "60"}
"""The worker's own default; the tests take a shorter lease."""
_CRON_THREADS = 2
"""Odoo's own default."""
_LOOK_SECONDS = 0.2
_LINE_SECONDS = 5.0
"""Between two lines of progress."""
_LIMIT_SECONDS = 600.0
_SHOWN_DIFFERENCES = 20


def main(arguments: Sequence[str]) -> int:
    """0 when all went well, 1 with a difference or something broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--odoo", type=int, default=19)
    parser.add_argument("--once", action="store_true")
    options = parser.parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        check_built()
        with Rig(options.odoo, browsed=not options.once) as rig, Sender().open() as meta, _office(rig, meta) as office:
            return _once(office, meta) if options.once else _until_interrupted(office, meta)
    except RigError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


@contextmanager
def _office(rig: Rig, meta: Provider) -> Iterator[Office]:
    """All parts, running and paired; stopped at the end."""
    addons = (CONNECTOR, WHATSAPP, DOCUMENTS)
    say(f"{rig.installation}: installing {', '.join(addons)}")
    rig.template(*addons)
    simulator = Simulator(rig.folder, permits=PERMITS, options=("--living",))
    try:
        odoo = rig.odoo(*addons, cron_threads=_CRON_THREADS)
        office = connect(odoo, simulator, rig.folder)
        Sender().point_worker_at(office, meta)
        office.worker.start(**OFFICE_SETTINGS, **filing.settings(rig.folder))
        try:
            say(f"Odoo       {odoo.url}/odoo   login {odoo.login}   password {odoo.password}")
            say(f"SICANTIK   {simulator.url} ({PERMITS} made-up permits)")
            say(f"Meta       {meta.url} (a stand-in; no message leaves this machine)")
            say(f"worker     {office.worker.url}, connected to all")
            say(f"inbox      {rig.folder / filing.INBOX} (put a PDF there that names a permit's number)")
            yield office
        finally:
            if office.worker.process:
                office.worker.stop()
    finally:
        simulator.stop()


def _until_interrupted(office: Office, meta: Provider) -> int:
    say("watch it there: SICANTIK / Sync Runs")
    _both_syncs(office)
    _live(office, meta)
    say("now look at SICANTIK / Dashboard: each figure opens the permits that it counts")
    say("SICANTIK / Permits: filters by expiry, status and flags; a permit's form shows what SICANTIK says")
    say("SICANTIK / WhatsApp: a message that was read, and others that were not; each says why")
    say("SICANTIK / Documents: ten of them, and a file that waits under Unmatched")
    say("SICANTIK / Notices: in each state; none leaves this machine. Permit Types: which count as others")
    say("SICANTIK / Configuration / API Configuration has the buttons; each works")
    say(f"Odoo {office.odoo.url}/odoo   login {Odoo.login}   password {Odoo.password}   (Ctrl-C stops and removes everything)")
    while office.odoo.running and office.worker.process and office.worker.process.poll() is None:
        time.sleep(1.0)
    raise RigError(f"a part ended by itself\n{tail(office.odoo.log_path)}\n{tail(office.worker.log)}")


def _once(office: Office, meta: Provider) -> int:
    permits, expiry = _both_syncs(office)
    seconds = _live(office, meta)
    found = living.lifeless(office.admin) + writing.unwritten(office.admin) + filing.unfiled(office.admin) + _complaints(office)
    summary = _summary(office, permits, expiry) | {"seconds_living": seconds}
    SUMMARY.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(summary, indent=2)
    SUMMARY.write_text(text + "\n")
    print(text, flush=True)
    for complaint in found[:_SHOWN_DIFFERENCES]:
        print(f"demo: {complaint}", file=sys.stderr)
    if found:
        print(f"demo: {len(found)} difference(s) from what SICANTIK says", file=sys.stderr)
        return 1
    say("every permit in Odoo is as SICANTIK has it")
    return 0


def _both_syncs(office: Office) -> tuple[dict[str, Any], dict[str, Any]]:
    """As a person does it: one button, and when that run has ended the other."""
    return _sync(office, "permits", "Sync Now"), _sync(office, "expiry", "Sync All Expiry Dates")


def _live(office: Office, meta: Provider) -> float:
    """The seconds that it took."""
    say("the office calls, writes and decides")
    begun = time.monotonic()
    living.live(office)
    say("the office writes by WhatsApp")
    writing.write(office, meta, living.EMAIL, living.PHONE)
    say("the office files its documents")
    filing.file(office, office.odoo.rig.folder)
    return round(time.monotonic() - begun, 1)


def _sync(office: Office, kind: str, label: str) -> dict[str, Any]:
    """Press the button and follow the run; the run with `seconds`, from the press to its end."""
    say(f"pressing {label}")
    pressed = time.monotonic()
    run_id = office.order(kind)
    next_line = pressed + _LINE_SECONDS
    while True:
        run = _read(office, run_id)
        passed = time.monotonic() - pressed
        ended = run["state"] not in OPEN_STATES
        if ended or time.monotonic() >= next_line:
            say(f"  {kind} {run['done']}/{run['total']}, {run['rate']:.0f}/s, {run['eta_seconds']} s left, {passed:.1f} s passed")
            next_line += _LINE_SECONDS
        if ended:
            say(f"  {label}: {run['state']} after {passed:.1f} s, {run['api_calls']} calls, {run['failed']} failed")
            return run | {"seconds": round(passed, 1)}
        if passed > _LIMIT_SECONDS:
            raise RigError(f"{label} did not end within {_LIMIT_SECONDS:.0f} s: {run}\n{tail(office.worker.log)}")
        time.sleep(_LOOK_SECONDS)


def _read(office: Office, run_id: int) -> dict[str, Any]:
    names = ["state", "done", "total", "rate", "eta_seconds", "failed", "api_calls", "error_message"]
    return office.admin.call("sicantik.sync.run", "read", [run_id], names)[0]


def _complaints(office: Office) -> list[str]:
    """What is not as it should be: in the runs, those of the schedule too, in the permits, in the logs."""
    runs = [office.wait_end(run_id) for run_id in office.admin.call("sicantik.sync.run", "search", [])]
    found = [f"a run ended as {run['state']}: {run['error_message']}" for run in runs if run["state"] != "done"]
    received, counted = len(office.simulator.calls()), sum(run["api_calls"] for run in runs)
    if received != counted:
        found.append(f"the runs count {counted} calls, SICANTIK received {received}")
    found += differences(office.admin, office.simulator.permits(), details=True)
    if code := office.worker.stop():
        found.append(f"the worker ended with exit code {code}")
    return found + [f"unexpected in Odoo's log: {problem}" for problem in office.odoo.log_problems()]


def _summary(office: Office, permits: dict[str, Any], expiry: dict[str, Any]) -> dict[str, Any]:
    def count(model: str, *domain: tuple[str, str, Any]) -> int:
        return office.admin.call(model, "search_count", list(domain), context={"active_test": False})

    with_expiry = count("sicantik.permit", ("expiry_date", "!=", False))
    return {
        "odoo_version": f"{office.odoo.rig.installation.series.number}.0",
        "permits": (total := count("sicantik.permit")),
        "permit_types": count("sicantik.permit.type"),
        "with_expiry": with_expiry,
        "without_expiry": total - with_expiry,
        "notices": count("sicantik.notice"),
        "messages": count("sicantik.whatsapp.message"),
        "documents": count("sicantik.document"),
        "proposed_renewals": count("sicantik.permit", ("proposed_renewal_id", "!=", False)),
        "flagged": count("sicantik.permit", ("is_flagged", "=", True)),
        "failed": permits["failed"] + expiry["failed"],
        "api_calls": permits["api_calls"] + expiry["api_calls"],
        "seconds_permits": permits["seconds"],
        "seconds_expiry": expiry["seconds"],
    }


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
