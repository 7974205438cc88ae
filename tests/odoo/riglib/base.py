"""The base database: core modules installed once, kept in the cache as a stopped cluster, copied at the start of each run."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from . import venv
from .cache import cache_dir, complete, digest, locked, publish, say
from .cluster import copy_tree, programs

if TYPE_CHECKING:
    from .session import Rig

DATABASE = "base"
MODULES = ("base", "mail", "contacts")
"""What every office has; the project's addons build on them. Other core modules come with the addon that needs them."""


def prepared(rig: "Rig") -> Path:
    """The folder with `postgres/` (a data folder) and `odoo-data/` of this Odoo; made when the cache has none."""
    installation = rig.installation
    number = installation.series.number
    key = digest(str(programs()), installation.identity, venv.folder().name, *MODULES, "without further addons")
    folder = cache_dir() / f"base-{number}-{key}"
    if complete(folder):
        return folder
    with locked(f"base-{number}"):
        if not complete(folder):
            say(f"preparing the base database of {installation} (about 20 s, once)")
            _prepare(rig, folder)
    return folder


def _prepare(rig: "Rig", folder: Path) -> None:
    rig.cluster.create()
    rig.cluster.start()
    rig.cluster.create_database(DATABASE)
    odoo = rig.adopt(DATABASE)
    # Odoo remembers every addon that it ever saw, and would install one that installs itself where it is not.
    odoo.addons_paths = ()
    odoo.install(*MODULES)
    odoo.check_log()
    rig.cluster.sql(DATABASE, "ANALYZE")
    rig.cluster.stop()
    with publish(folder) as target:
        copy_tree(rig.cluster.data, target / "postgres")
        copy_tree(rig.data, target / "odoo-data")
    shutil.rmtree(rig.cluster.data)
    shutil.rmtree(rig.data)
