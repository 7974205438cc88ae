"""An office that tells applicants before their permits expire, for tests with a real Odoo and a real mail server."""

from datetime import UTC, datetime
from typing import Any

from letterbox import Letterbox
from riglib.rpc import Session
from riglib.server import Odoo

DAYS = {"503/0001/CTH/2025": 30, "503/0002/CTH/2025": 7, "503/0003/CTH/2025": 0, "503/0004/CTH/2025": 200}
"""The permits, and in how many days they expire."""
_PREPARE = """
from datetime import timedelta
config = env["sicantik.config"].search([])
company = config.company_id
company.write({{
    "email": "kantor@contoh.test",
    "phone": "0800 000 0000",
    "sicantik_office_name": "DPMPTSP Kabupaten Contoh",
    "sicantik_renewal_url": "https://perizinan.example.go.id/perpanjangan",
}})
if "iap_enrich_auto_done" in company:
    company.iap_enrich_auto_done = True  # else Odoo looks the company's domain up in the internet
config.write({{"go_live_date": "2020-01-01", "user_id": env.ref("base.user_admin").id}})
env["ir.mail_server"].search([]).active = False
env["ir.mail_server"].create({{
    "name": "Letterbox", "smtp_host": "127.0.0.1", "smtp_port": {port}, "smtp_encryption": "none",
}})
permit_type = env["sicantik.permit.type"].create({{
    "config_id": config.id, "company_id": company.id, "name": "Izin Praktik Dokter", "name_key": "izin praktik dokter",
}})
partners = env["res.partner"].create([
    {{"name": f"Pemohon Contoh {{n}}", "email": f"pemohon{{n}}@contoh.test" if {email!r} else False}}
    for n in range({count})
])
days = {days!r} or {{f"503/{{n:04}}/CTH/2025": 90 for n in range({count})}}
env["sicantik.permit"].create([
    {{
        "config_id": config.id,
        "company_id": company.id,
        "identity": f"N\\x1f{{n}}\\x1f{{number}}",
        "registration_number": f"0306250{{n:05}}",
        "permit_number": number,
        "permit_type_id": permit_type.id,
        "applicant_name": "PEMOHON CONTOH",
        "applicant_phone": "0800 000 0001",
        "status": "active",
        "issue_date": config._today() - timedelta(days=900),
        "expiry_date": config._today() + timedelta(days=left),
        "partner_id": partners[n].id if n < len(partners) else False,
    }}
    for n, (number, left) in enumerate(days.items())
])
"""


def prepare(odoo: Odoo, letterbox: Letterbox, *, count: int = 1, email: bool = True, days: dict[str, int] | None = None) -> None:
    """An office that is live, with permits; the first `count` of them have a contact. Without `days` each has one."""
    make_it_day(odoo)
    odoo.shell(_PREPARE.format(port=letterbox.port, count=count, email=email, days=days))
    # Odoo told the administrator who is responsible now.
    letterbox.letters.clear()


def run_action(admin: Session, name: str = "sicantik_notice.cron_notices") -> None:
    """Runs a scheduled action as an administrator does, with *Run Manually*."""
    module, _, record = name.partition(".")
    domain = [("module", "=", module), ("name", "=", record)]
    [found] = admin.call("ir.model.data", "search_read", domain, ["res_id"])
    admin.call("ir.cron", "method_direct_trigger", [found["res_id"]])


def make_it_day(odoo: Odoo) -> None:
    """The office lies where it is noon, because nobody is written to at night. Dates count from its today."""
    ahead = 12 - datetime.now(UTC).hour
    odoo.sql(f"UPDATE sicantik_config SET tz = 'Etc/GMT{-ahead:+d}'")


def tell(admin: Session) -> None:
    """The 09:00 action and Odoo's mail queue."""
    run_action(admin)
    deliver(admin)


def deliver(admin: Session) -> None:
    """Odoo's mail queue."""
    run_action(admin, "mail.ir_cron_mail_scheduler_action")


def states(odoo: Odoo) -> list[dict[str, Any]]:
    """How many notices there are in each state."""
    return odoo.sql("SELECT state, count(*) FROM sicantik_notice GROUP BY state ORDER BY state")
