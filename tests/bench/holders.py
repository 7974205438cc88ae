"""What proposing renewals costs where one holder has very many permits: a batch of the worker, at its worst and as it may be."""

from figures import Figures, Goal
from parts import Office
from riglib.session import Rig
from runs import office_of, simulator_of

PERMITS = 2_000
_LIMIT_SECONDS = 0.3
FAMILIES = {
    "alike": "all alike",
    "paired": "half renew the other half",
    "people": "each of another person",
}
"""Made-up permits of one NPWP and type, and what is peculiar about them. Of those all alike none renews another."""
LOAD = """
import json, time
from datetime import timedelta
config = env["sicantik.config"].search([], limit=1)._worker_env()
env = config.env
today = config._today()
own = {{"config_id": config.id, "company_id": config.company_id.id}}
kind = env["sicantik.permit.type"].create({{**own, "name": "IZIN {family}", "name_key": "IZIN {family}"}})
def permit(n):
    newer = "{family}" == "paired" and n >= {count} // 2
    begin = today - timedelta(days=20 if newer else 1200)
    return {{
        **own, "identity": f"N\\x1f{family}\\x1f{{n}}",
        "registration_number": f"{family}{{n}}", "permit_number": f"{family}/{{n}}",
        "permit_type_id": kind.id, "applicant_name": f"PEMOHON {{n if '{family}' == 'people' else 1}}", "status": "active",
        "company_npwp_key": "0012345678901000", "issue_date": begin,
        "expiry_date": today + timedelta(days=1800 if newer else n % 170),
    }}
permits = env["sicantik.permit"].create([permit(n) for n in range({count})])
env.cr.commit()
seconds = []
for start in range(0, {count}, 400):
    env.invalidate_all()
    started = time.monotonic()
    permits[start : start + 50]._propose_renewals(config)
    env.flush_all()
    seconds.append(time.monotonic() - started)
    env.cr.rollback()
print(json.dumps(seconds))
"""


def large_holder(rig: Rig, figures: Figures) -> None:
    """Batches of fifty permits, each as the first one after the permits came."""
    with simulator_of(rig, 1) as simulator, office_of(rig, simulator) as office:
        for family, text in FAMILIES.items():
            head = f"{PERMITS:,} of one NPWP, {text}: 50 of them"
            figures.add(f"renewals_{family}_seconds", _seconds(office, family), "s", head, Goal("<", _LIMIT_SECONDS))


def _seconds(office: Office, family: str) -> list[float]:
    return list(office.odoo.shell(LOAD.format(family=family, count=PERMITS)))
