"""The rig's own promises: it sees a warning, it sees a run without tests, it leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from parts import WAIT_SECONDS
from riglib import addon_tests, commands, debian, lifecycle, log, venv
from riglib.addons import Addon, families, foreign
from riglib.processes import RigError
from riglib.rpc import OdooError
from riglib.server import Odoo
from riglib.session import Rig

pytestmark = pytest.mark.one_version

MANIFEST = """{
    "name": "Throwaway", "version": "1.0.0", "license": "LGPL-3", "author": "rig",
    "depends": ["base"], "data": ["ir.model.access.csv"], HOOK
}"""
MODEL = """
from odoo import fields, models
class Throwaway(models.Model):
    _name = "rig.throwaway"
    _description = "Throwaway"
    name = fields.Char()
"""
ACCESS = """id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink
a,a,model_rig_throwaway,base.group_user,1,1,1,1
"""
PASSING = """
from odoo.tests import TransactionCase
class TestThrowaway(TransactionCase):
    def test_create(self):
        self.assertEqual(self.env["rig.throwaway"].create({"name": "x"}).name, "x")
"""
WARNING = "import logging\nlogging.getLogger(__name__).warning('planted')\n"
DEPRECATED = "import warnings\nwarnings.warn('of ours', DeprecationWarning)\n"
BUS_ERRORS = (
    """\
2026-01-05 08:00:00,000 71 ERROR db odoo.addons.bus.websocket: "<socket.socket fd=22, family=2, type=1> is not registered"
Traceback (most recent call last):
  File "/odoo/addons/bus/websocket.py", line 577, in _terminate
    self.__selector.unregister(self.__socket)
  File "/usr/lib/python3.11/selectors.py", line 366, in unregister
    key = super().unregister(fileobj)
KeyError: "<socket.socket fd=22, family=2, type=1> is not registered"
""",
    """\
2026-01-05 08:00:00,000 71 ERROR db odoo.addons.bus.websocket: I/O operation on closed epoll object
Traceback (most recent call last):
  File "/odoo/addons/bus/websocket.py", line 303, in get_messages
    self.__selector.select(self.INACTIVITY_TIMEOUT)
  File "/usr/lib/python3.11/selectors.py", line 468, in select
    fd_event_list = self._selector.poll(timeout, max_ev)
ValueError: I/O operation on closed epoll object
""",
)
FAILING = PASSING.replace('"x")', '"y")')
SKIPPED = """
    def test_later(self):
        self.skipTest("not yet")
"""
HELPER_MANIFEST = """{
    "name": "Helper", "version": "1.0.0", "license": "LGPL-3", "author": "rig", "depends": ["rig_throwaway"],
}"""
WITHOUT_STRANGERS = (
    PASSING
    + """
    def test_no_stranger_is_seen(self):
        self.assertFalse(self.env["ir.module.module"].search([("name", "=", "rig_helper")]))
"""
)
BESIDE = """
from odoo.tests import TransactionCase
class TestHelper(TransactionCase):
    def test_what_it_builds_on_is_there(self):
        self.assertIn("rig.throwaway", self.env)
"""
LITTER = """
def leave(env):
    env.cr.execute("CREATE TABLE rig_litter (id int)")
    env["ir.config_parameter"].set_param("rig.litter", "1")
"""


@pytest.fixture
def write_addon(rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Write the addon `rig_throwaway` from its files; the rig sees only this addon during the test."""
    monkeypatch.setattr(rig, "addons_paths", (tmp_path,))

    def write(*, start: str = "", hook: str = "", tests: str = "") -> None:
        root = tmp_path / "rig_throwaway"
        (root / "tests").mkdir(parents=True)
        (root / "__manifest__.py").write_text(MANIFEST.replace("HOOK", '"post_init_hook": "leave"' if hook else ""))
        (root / "__init__.py").write_text("from . import models\n" + start + hook)
        (root / "models.py").write_text(MODEL)
        (root / "ir.model.access.csv").write_text(ACCESS)
        (root / "tests/__init__.py").write_text("from . import test_throwaway\n" if tests else "")
        (root / "tests/test_throwaway.py").write_text(tests)

    return write


def test_a_good_addon_passes(rig: Rig, write_addon: Callable[..., None]) -> None:
    write_addon(tests=PASSING + SKIPPED)
    outcome = addon_tests.run(rig)
    assert (outcome.passed, outcome.failed, outcome.complaints) == (1, 0, ())
    assert outcome.skipped == ("skipped TestThrowaway.test_later : not yet ",)
    assert lifecycle.run(rig).complaints == []


@pytest.mark.parametrize(
    ("tests", "complaints"), [(BESIDE, ()), ("", ("rig_helper has no test",))], ids=["tested", "without tests"]
)
def test_an_addon_for_tests_only_is_tested_by_itself(
    rig: Rig, write_addon: Callable[..., None], tmp_path_factory: pytest.TempPathFactory, tests: str, complaints: tuple[str, ...]
) -> None:
    write_addon(tests=WITHOUT_STRANGERS)
    helpers = tmp_path_factory.mktemp("helpers")
    root = helpers / "rig_helper"
    (root / "tests").mkdir(parents=True)
    (root / "__manifest__.py").write_text(HELPER_MANIFEST)
    (root / "__init__.py").write_text("")
    (root / "tests/__init__.py").write_text("from . import test_helper\n" if tests else "")
    (root / "tests/test_helper.py").write_text(tests)
    outcome = addon_tests.run(rig, (), [helpers])
    assert (outcome.passed, outcome.failed, outcome.complaints[:1]) == (2 + bool(tests), 0, complaints)
    assert outcome.ok is bool(tests)


def test_a_failing_test_fails(rig: Rig, write_addon: Callable[..., None]) -> None:
    write_addon(tests=FAILING)
    outcome = addon_tests.run(rig)
    assert (outcome.passed, outcome.failed, outcome.ok) == (0, 1, False)


def test_no_tests_and_a_warning_fail(rig: Rig, write_addon: Callable[..., None]) -> None:
    write_addon(start=WARNING)
    outcome = addon_tests.run(rig)
    assert not outcome.ok
    assert outcome.complaints[0] == "rig_throwaway has no test"
    assert "WARNING odoo.addons.rig_throwaway: planted" in outcome.complaints[1]


def test_a_deprecation_counts_when_a_line_of_the_addon_led_to_it(rig: Rig, write_addon: Callable[..., None]) -> None:
    write_addon(start=DEPRECATED, tests=PASSING)
    assert "DeprecationWarning: of ours" in "".join(addon_tests.run(rig).complaints)
    odoo = rig.database(())
    odoo.shell("import warnings\nwarnings.warn('between Odoo and a package', DeprecationWarning)")
    assert "DeprecationWarning: between Odoo and a package" in odoo.log_path.read_text()
    assert odoo.log_problems() == []
    odoo.shell("import warnings\nwarnings.warn('another kind')")
    assert len(odoo.log_problems()) == 1
    rig.discard(odoo)


@pytest.mark.parametrize("error", BUS_ERRORS, ids=["while-it-is-ended", "while-it-is-waited-for"])
def test_an_error_of_odoos_bus_is_not_ours(tmp_path: Path, error: str) -> None:
    written = tmp_path / "odoo.log"
    written.write_text(error)
    assert log.problems(written) == []
    written.write_text(error.replace("addons/bus/websocket.py", "addons/sicantik_connector/bus.py"))
    assert len(log.problems(written)) == 1
    written.write_text(re.sub(r"(Key|Value)Error: .*", "TypeError: of another kind", error))
    assert len(log.problems(written)) == 1


def test_the_base_database_never_saw_an_addon_of_the_project(rig: Rig) -> None:
    odoo = rig.database(())
    assert odoo.sql("SELECT name FROM ir_module_module WHERE name LIKE 'sicantik%'") == []
    rig.discard(odoo)


def test_addons_that_have_nothing_in_common_get_databases_of_their_own() -> None:
    base, above, beside, apart = (
        Addon(name, depends, demo=False)
        for name, depends in (
            ("base_one", ("mail",)),
            ("above", ("base_one",)),
            ("beside", ("base_one",)),
            ("apart", ("account",)),
        )
    )
    every = [base, apart, above, beside]
    assert families(every, every) == [[apart], [base, above, beside]]
    assert families(every, [above, beside, apart]) == [[above, beside], [apart]]
    assert foreign(every, [apart]) == ["account"]
    assert foreign(every, [above]) == ["mail"]


def test_every_package_of_the_environment_is_pinned() -> None:
    pins = venv.CONSTRAINTS.read_text()
    assert venv.unpinned(venv.installed(venv.python()), pins) == []
    assert venv.unpinned(["zope.event==6.2", "Stranger==1.0"], "zope-event==6.2\nstranger==1.1\n") == ["Stranger==1.0"]


def test_a_part_that_breaks_off_is_told_and_hides_no_other(rig: Rig, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    number = rig.installation.series.number

    def breaks(*_: object) -> None:
        raise RigError("the database went away\nand more")

    monkeypatch.setattr(commands.addon_tests, "run", breaks)
    monkeypatch.setattr(commands, "Rig", lambda number: nullcontext(rig))
    monkeypatch.setattr(commands.lifecycle, "run", lambda *_: lifecycle.Outcome(addons=1))
    tests, life = commands._all_inside(number)
    assert (tests.ok, str(tests), life.ok) == (False, "broke off: the database went away", True)
    assert "addon tests broke off: the database went away\nand more" in capsys.readouterr().out

    monkeypatch.setattr(commands, "Rig", breaks)
    assert [part.ok for part in commands._all_inside(number)] == [False, False]


def test_leftovers_are_found(rig: Rig, write_addon: Callable[..., None]) -> None:
    write_addon(hook=LITTER)
    complaints = lifecycle.run(rig).complaints
    assert "rig_throwaway leaves behind: table rig_litter" in complaints
    assert "rig_throwaway leaves behind: parameter rig.litter" in complaints


@pytest.fixture
def bare(rig: Rig) -> Odoo:
    """A served Odoo with the core modules only."""
    return rig.odoo()


def test_an_odoo_lives_dies_and_comes_back(rig: Rig, bare: Odoo) -> None:
    partner = bare.rpc().call("res.partner", "create", {"name": "Survivor"})
    bare.kill()
    assert not bare.running
    bare.start()
    assert bare.sql(f"SELECT name FROM res_partner WHERE id = {partner}") == [{"name": "Survivor"}]
    assert bare.shell(f"import json; print(json.dumps(env['res.partner'].browse({partner}).name))") == "Survivor"
    assert bare.log_problems() == []
    with pytest.raises(OdooError) as refused:
        bare.rpc_with_key("admin", "admin").call("res.nothing", "search", [])
    assert refused.value.name == "odoo.exceptions.UserError"
    assert [str(problem) for problem in bare.log_problems()] == ["WARNING odoo.http: Object res.nothing doesn't exist "]
    rig.discard(bare)


def test_a_session_lives_through_a_restart_and_ends_with_its_password(rig: Rig, bare: Odoo) -> None:
    admin, other = bare.rpc(), bare.rpc()
    bare.restart()
    assert admin.call("res.users", "read", [admin.uid], ["login"]) == [{"id": admin.uid, "login": "admin"}]
    # The person who changes the password stays signed in on a page only; whoever has the earlier one is let in no more.
    bare.shell("env.ref('base.user_admin').password = 'another'")
    bare.restart()
    with pytest.raises(OdooError) as refused:
        other.call("res.partner", "search", [], limit=1)
    assert refused.value.name == "odoo.exceptions.AccessDenied"
    assert bare.rpc("admin", "another").uid == admin.uid
    rig.discard(bare)


def test_copies_are_independent(rig: Rig) -> None:
    query = "SELECT value FROM ir_config_parameter WHERE key = 'database.uuid'"
    one, two = rig.database(()), rig.database(())
    assert one.sql(query) != two.sql(query)
    rig.discard(one)
    rig.discard(two)


SLEEPER = """
import sys, time
from riglib.session import Rig
with Rig(int(sys.argv[1]), addons_paths=[]) as rig:
    odoo = rig.odoo()
    print(rig.folder, rig.cluster._process.pid, odoo._process.pid, flush=True)
    time.sleep(300)
"""


def _lives(pid: str) -> bool:
    """A process that ended but was not yet collected (a container without an init) does not count."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_behind(rig: Rig, how: signal.Signals) -> None:
    here = str(Path(__file__).parent)
    # Whoever started this test in the background may have had SIGINT ignored; the child would inherit that.
    heed = "import signal\nfor number in (signal.SIGINT, signal.SIGTERM):\n    signal.signal(number, signal.default_int_handler)"
    start = f"{heed}\n{SLEEPER}"
    command = [sys.executable, "-c", start, str(rig.installation.series.number)]
    with subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": here}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as child:
        folder, *pids = child.stdout.readline().split()
        child.send_signal(how)
        child.wait(WAIT_SECONDS)
    limit = time.monotonic() + WAIT_SECONDS
    while any(map(_lives, pids)) and time.monotonic() < limit:
        time.sleep(0.1)
    assert not [pid for pid in pids if _lives(pid)]
    if how is signal.SIGKILL:  # Nobody was left to remove the folder: the next rig does it.
        os.utime(folder, (0, 0))
        Rig(rig.installation.series.number, addons_paths=[]).close()
    assert not Path(folder).exists()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "deb http://mirror.test/debian bookworm main contrib",
            "Types: deb\nURIs: http://mirror.test/debian\nSuites: bookworm sid\nComponents: main\n",
        ),
        ("deb [arch=amd64 signed-by=/k.gpg] http://m.test/debian bookworm main", "Signed-By: /k.gpg"),
        ("deb http://mirror.test/debian bookworm-updates main", None),
        ("deb http://third.test/apt bookworm stable", None),
        ("# deb http://mirror.test/debian bookworm main", None),
    ],
)
def test_one_line_sources(line: str, expected: str | None) -> None:
    entry = debian.from_one_line(line, "bookworm")
    assert entry is None if expected is None else expected in entry


STANZA = """Types: deb deb-src
# a comment
URIs: http://mirror.test/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /k.gpg"""
REWRITTEN = """Types: deb
Uris: http://mirror.test/debian
Suites: bookworm sid
Components: main
Signed-By: /k.gpg
"""


def test_deb822_sources() -> None:
    assert debian.from_deb822(STANZA, "bookworm") == REWRITTEN
    assert debian.from_deb822(STANZA.replace("Suites: bookworm ", "Suites: "), "bookworm") is None
    assert debian.from_deb822(STANZA + "\nEnabled: no", "bookworm") is None
