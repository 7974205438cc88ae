#!/usr/bin/env python3
"""A real Odoo for tests and demonstrations. `rig.py --help` lists what it does; README.md says how to use it.

Only the standard library is used up to here: this script makes the Python environment in which everything else runs.
"""

import sys

from riglib.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
