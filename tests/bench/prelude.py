"""Import it first: makes the rig's modules known, and chooses release builds, which `parts` reads from the environment."""

import os
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / folder) for folder in ("odoo", "browser")]
os.environ.setdefault("SICANTIK_PROFILE", "release")
