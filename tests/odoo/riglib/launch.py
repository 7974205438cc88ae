"""The command line, the environment and the configuration file with which one Odoo of the rig is started."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from . import venv
from .cluster import SUPERUSER
from .processes import clean_environment

if TYPE_CHECKING:
    from .server import Odoo


def command(odoo: "Odoo", *arguments: str, subcommand: str = "") -> tuple[list[str], dict[str, str]]:
    """What to run, and its environment, for `odoo [subcommand] -c CONF -d DATABASE arguments`."""
    installation = odoo.rig.installation
    start = [str(venv.python()), str(installation.launcher), *([subcommand] if subcommand else [])]
    common = ["-c", str(_configuration(odoo)), "-d", odoo.database, "--logfile", str(odoo.log_path)]
    handlers = [f"--log-handler={handler}" for handler in installation.series.log_handlers]
    # Compiled files go to the cache: neither the Odoo tree nor odoo_addon/ is littered.
    environment = {"PYTHONPYCACHEPREFIX": str(odoo.rig.bytecode), "HOME": str(odoo.rig.folder)}
    if installation.python_path:
        environment["PYTHONPATH"] = str(installation.python_path)
    return [*start, *common, *handlers, *arguments], clean_environment(**environment)


def _configuration(odoo: "Odoo") -> Path:
    rig = odoo.rig
    options = {
        "db_host": "127.0.0.1",
        "db_port": rig.cluster.port,
        "db_user": SUPERUSER,
        "data_dir": rig.data,
        "http_interface": "127.0.0.1",
        "http_port": odoo.port,
        "max_cron_threads": odoo.cron_threads,
        "workers": 0,
        "addons_path": ",".join(map(str, (*rig.installation.addons, *odoo.addons_paths))),
        # Only this database is served, whatever else lies in the cluster.
        "dbfilter": f"^{re.escape(odoo.database)}$",
        "list_db": False,
    }
    path = odoo.log_path.with_suffix(".conf")
    path.write_text("[options]\n" + "".join(f"{key} = {value}\n" for key, value in options.items() if value != ""))
    return path
