"""Makes the fixtures of the rig and of the offices known to every Python test under tests/: see odoo/README.md."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "odoo"))

pytest_plugins = ["riglib.plugin", "offices"]

collect_ignore = ["odoo/addons"]
"""Their tests are Odoo's: `rig.py addon-tests` runs them."""
