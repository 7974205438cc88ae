"""Import it first: makes the rig's modules known, and chooses release builds, which `parts` reads from the environment."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "odoo"))
os.environ.setdefault("SICANTIK_PROFILE", "release")
