"""What docs/payments.md has a deployment compare, asked with an administrator's key as it says."""

import json
import re
from collections.abc import Callable

from cash_office import ADDON, CASH_OFFICE
from parts import REPOSITORY
from riglib.server import Odoo
from riglib.session import Rig

PAGE = REPOSITORY / "docs" / "payments.md"
_ROW = re.compile(r"^\| ([^|]+) \| `([\w.]+)` \| `(\[.*\])` \| ([^|]+) \|$", re.MULTILINE)
KEY = """
import json
from datetime import timedelta
from odoo import fields
admin = env.ref("base.user_admin")
keys = env["res.users.apikeys"].with_user(admin)
print(json.dumps(keys._generate("rpc", "figures", fields.Datetime.now() + timedelta(days=1))))
"""
FOUND = {
    "drafts": 2,
    "in process": 0,
    "paid": 1,
    "cancelled or rejected": 0,
    "partial reconciliations": 1,
    "reconciled payments": 1,
    "payments matched with the bank": 0,
    "counts, but not *posted*": 0,
}
"""Of the office in cash_office.py."""


def test_a_deployment_reads_its_figures_with_a_key(odoo_fresh: Callable[..., Odoo], rig: Rig) -> None:
    series = rig.installation.series.number
    odoo = odoo_fresh((ADDON,), start=False)
    odoo.shell(CASH_OFFICE)
    administrator = odoo.start().rpc_with_key("admin", odoo.shell(KEY))
    rows = _ROW.findall(PAGE.read_text())
    figures = {
        name: administrator.call(model, "search_count", json.loads(domain))
        for name, model, domain, _afterwards in rows
        if "Odoo" not in name or name.endswith(str(series))
    }
    managers = figures.pop(f"payment managers, on Odoo {series}")
    assert managers == 2
    assert figures == FOUND
