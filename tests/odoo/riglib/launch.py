"""The command line, the environment and the configuration file with which the Odoos of a rig are started."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from .cluster import SUPERUSER
from .processes import clean_environment

if TYPE_CHECKING:
    from .server import Odoo
    from .session import Rig


def environment(rig: "Rig") -> dict[str, str]:
    """The same for all Odoos of a rig."""
    # Compiled files go to the cache: neither the Odoo tree nor odoo_addon/ is littered.
    variables = {"PYTHONPYCACHEPREFIX": str(rig.bytecode), "HOME": str(rig.folder)}
    if rig.installation.python_path:
        variables["PYTHONPATH"] = str(rig.installation.python_path)
    return clean_environment(**variables)


def arguments(odoo: "Odoo", *further: str, subcommand: str = "") -> list[str]:
    """What follows `odoo`: `[subcommand] -c CONF -d DATABASE further`."""
    start = [subcommand] if subcommand else []
    common = ["-c", str(_configuration(odoo)), "-d", odoo.database, "--logfile", str(odoo.log_path)]
    handlers = [f"--log-handler={handler}" for handler in odoo.rig.installation.series.log_handlers]
    return [*start, *common, *handlers, *further]


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
