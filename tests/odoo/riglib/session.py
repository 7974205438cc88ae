"""One run of the rig: a folder and a cluster of its own, prepared databases, copies of them, and nothing left afterwards."""

import atexit
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from . import base, launch, versions
from .cache import cache_dir, digest
from .cluster import Cluster, copy_tree
from .forks import Forks
from .processes import RigError
from .server import Odoo

REPOSITORY = Path(__file__).resolve().parents[3]
ADDONS = REPOSITORY / "odoo_addon"
"""The project's own addons."""
TEST_ADDONS = REPOSITORY / "tests" / "odoo" / "addons"
"""Addons that are never handed out: each uses what the project's own ones keep open for others, and tests it."""
_PREFIX = "sicantik-rig-"
_NEWBORN_SECONDS = 60.0
_LAST_ANSWER_SECONDS = 10.0
_MEMORY = Path("/dev/shm")
_PLENTY = 8 << 30
"""Bytes. A run needs up to 1 GB, and three go side by side."""

_BUILD_BUNDLES = """
frontend = ["web.assets_frontend", "web.assets_frontend_minimal", "web.assets_frontend_lazy"]
later = ["web.assets_backend_lazy", "web.assets_emoji", "web.chartjs_lib", "web.fullcalendar_lib", "web_tour.interactive"]
for name in [*frontend, "web.assets_web", "bus.websocket_worker_assets", *later]:
    bundle = env["ir.qweb"]._get_asset_bundle(name, css=False, js=True)
    bundle.javascripts and bundle.js()
for name in ["web.assets_frontend", "web.assets_web", "web.assets_web_print", *later]:
    bundle = env["ir.qweb"]._get_asset_bundle(name, css=True, js=False)
    bundle.stylesheets and bundle.css()
"""
"""Odoo writes the file of a bundle without a lock: two windows that ask for a new one at once may meet half a file."""


class Rig:
    """Use it as a context manager: `with Rig(19) as rig: rig.odoo("sicantik_connector").start()`.

    `addons_paths` are folders of addons (default: the project's); `durable=True` makes PostgreSQL write as safely as an
    office's does (for the bench); `browsed=True`: a browser will look at what is installed; `beside` is the folder of a run
    of another process with the same choices, whose PostgreSQL and templates this one uses, too, for as long as that lives.
    """

    def __init__(
        self,
        number: int = 19,
        *,
        addons_paths: Sequence[Path] | None = None,
        durable: bool = False,
        browsed: bool = False,
        beside: Path | None = None,
    ) -> None:
        self.installation = versions.find(number)
        self.browsed = browsed
        paths = [ADDONS] if addons_paths is None else addons_paths
        # Odoo warns about a folder without addons.
        self.addons_paths = tuple(path for path in paths if any(path.glob("*/__manifest__.py")))
        self.bytecode = cache_dir() / "bytecode"
        self._lock: TextIO | None = None
        if beside:
            self.folder = beside
        else:
            sweep()
            self.folder, self._lock = _run_folder(_disk() if durable else _home())
        self.data = self.folder / "odoo-data"
        self.cluster = Cluster(self.folder / "postgres", durable=durable)
        self.forks = Forks(self.installation, launch.environment(self))
        self._odoos: list[Odoo] = []
        self._names = 0
        atexit.register(self.close)
        try:
            if beside:
                self.cluster.join()
            else:
                self._begin()
        except BaseException:
            self.close()
            raise

    def _begin(self) -> None:
        prepared = base.prepared(self)
        self.cluster.adopt(prepared / "postgres")
        copy_tree(prepared / "odoo-data", self.data)
        self.cluster.start()

    def __enter__(self) -> "Rig":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop every server of this run and remove its folder, unless it is another's. May be called twice."""
        atexit.unregister(self.close)
        for odoo in self._odoos:
            odoo.stop()
        self.forks.close()
        self.cluster.stop()
        if self._lock:
            shutil.rmtree(self.folder, ignore_errors=True)
            self._lock.close()

    def template(self, *modules: str, demo: bool = False, furnished: str = "") -> str:
        """A database with `modules` on the base modules, made once per run. Only ever copied, never served.

        `demo`: with demo data, that of the base modules included, because Odoo loads none above a module without.
        `furnished`: code that `odoo shell` runs in it at last.
        """
        # An older Odoo takes `-i` of an installed module for an order to upgrade everything (20 s).
        wanted = tuple(sorted(set(modules) - set(base.MODULES)))
        if not (demo or wanted or furnished):
            return base.DATABASE
        name = "ready_" + digest(str(demo), *wanted, furnished)
        with self._once(name) as first:
            if first:
                ground, step = self._last_step(wanted, demo=demo, furnished=furnished)
                odoo = self.adopt(self.copy(ground, name))
                try:
                    step(odoo)
                    odoo.check_log()
                except BaseException:
                    self.discard(odoo)
                    raise
        return name

    @contextmanager
    def _once(self, name: str) -> Iterator[bool]:
        """Whether this is the first that gets here in the whole run; others wait until its block has ended well."""
        done = self.folder / f"{name}.done"
        with done.with_suffix(".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            first = not done.exists()
            yield first
            done.touch()

    def _last_step(self, wanted: Sequence[str], *, demo: bool, furnished: str) -> tuple[str, Callable[[Odoo], object]]:
        """The template that a new one is copied from, and what is done to the copy."""
        if furnished:
            return self.template(*wanted, demo=demo), lambda odoo: odoo.shell(furnished)
        if wanted:
            return self.template(demo=demo), lambda odoo: self._install(odoo, wanted, demo=demo)
        return base.DATABASE, Odoo.load_demo

    def _install(self, odoo: Odoo, wanted: Sequence[str], *, demo: bool) -> None:
        odoo.install(*wanted, demo=demo)
        if self.browsed:
            odoo.shell(_BUILD_BUNDLES)  # 6 s once, against 10 s for the first page of each copy

    def copy(self, template: str, name: str | None = None) -> str:
        """Copy a database with its files, in a quarter of a second. The copy has its own database uuid, as Odoo's copies do."""
        self._names += 1
        name = name or f"db{self._names}_{os.getpid()}"
        self.cluster.create_database(name, template)
        files = self.data / "filestore"
        if (files / template).is_dir():
            copy_tree(files / template, files / name)
        self.cluster.sql(name, "UPDATE ir_config_parameter SET value = gen_random_uuid() WHERE key = 'database.uuid'")
        return name

    def database(self, modules: Sequence[str], *, cron_threads: int = 0, demo: bool = False, furnished: str = "") -> Odoo:
        """A fresh copy of the template with `modules`; not served yet."""
        template = self.template(*modules, demo=demo, furnished=furnished)
        return self.adopt(self.copy(template), cron_threads=cron_threads)

    def odoo(self, *modules: str, cron_threads: int = 0, demo: bool = False, furnished: str = "") -> Odoo:
        """The same, and served."""
        return self.database(modules, cron_threads=cron_threads, demo=demo, furnished=furnished).start()

    def adopt(self, database: str, *, cron_threads: int = 0) -> Odoo:
        """An Odoo for a database of this run; it is stopped with the rig."""
        odoo = Odoo(self, database, cron_threads=cron_threads)
        self._odoos.append(odoo)
        return odoo

    def _let_finish(self, odoo: Odoo) -> None:
        """What a worker asked last may be under way although the worker is gone; stopped in it, Odoo would log an error."""
        limit = time.monotonic() + _LAST_ANSWER_SECONDS
        with suppress(RigError):
            while odoo.running and odoo.answers_somebody() and time.monotonic() < limit:
                time.sleep(0.05)

    def discard(self, odoo: Odoo) -> None:
        """Stop an Odoo and give its space back. Its log stays until the end of the run."""
        self._let_finish(odoo)
        odoo.stop()
        self._odoos.remove(odoo)
        self.cluster.drop_database(odoo.database)
        shutil.rmtree(self.data / "filestore" / odoo.database, ignore_errors=True)


def sweep() -> None:
    """Remove the folders of runs that were killed; their processes ended with them. Runs that live hold their lock."""
    for folder in (*_MEMORY.glob(f"{_PREFIX}*"), *_disk().glob(f"{_PREFIX}*")):
        try:
            if folder.stat().st_uid != os.geteuid() or time.time() - folder.stat().st_mtime < _NEWBORN_SECONDS:
                continue
            with (folder / "lock").open("a") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue


def _run_folder(home: Path) -> tuple[Path, TextIO]:
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=home))
    folder.chmod(0o711)  # The user that runs PostgreSQL passes through, and reads nothing.
    lock = (folder / "lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return folder, lock


def _home() -> Path:
    """Where a run's folder lies: in memory, where there is plenty and no TMPDIR says otherwise; a sixth faster."""
    if _MEMORY.is_dir() and "TMPDIR" not in os.environ and shutil.disk_usage(_MEMORY).free >= _PLENTY:
        return _MEMORY
    return _disk()


def _disk() -> Path:
    """The folder for temporary files, unless others cannot pass through it (root's own home)."""
    chosen = Path(tempfile.gettempdir()).resolve()
    passable = all(folder.stat().st_mode & 0o001 for folder in (chosen, *chosen.parents))
    return chosen if passable or os.geteuid() != 0 else Path("/tmp")
