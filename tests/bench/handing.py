"""What it costs Odoo to hand notices over by WhatsApp, beside as many e-mails in the same run."""

from figures import Figures, Goal
from riglib.session import Rig

COUNT = 1000
"""Of each round and channel."""
TIMES = 2.0
"""At most so much time beside e-mails."""
_PREPARE = """
config = env["sicantik.config"].search([])
company = config.company_id
company.write({"email": "kantor@contoh.test", "sicantik_office_name": "DPMPTSP Contoh"})
if "iap_enrich_auto_done" in company:
    company.iap_enrich_auto_done = True  # else Odoo looks the company's domain up in the internet
config.write({"go_live_date": "2020-01-01", "user_id": env.ref("base.user_admin").id})
env["sicantik.whatsapp.account"].create({
    "name": "Kantor", "config_id": config.id, "sender_id": "100000000000001", "business_id": "200000000000002",
})
env["sicantik.whatsapp.registration"].search([]).state = "approved"
"""
_HAND_OVER = """
import json, time
config = env["sicantik.config"].search([])
notices, seconds, batch = env["sicantik.notice"], {{}}, 100
for channel in {channels}:
    partners = env["res.partner"].create([
        {{"name": f"Pemohon {round} {{n}}", "email": f"pemohon{{n}}@contoh.test", "whatsapp_number": "+62836010%04d" % n}}
        for n in range({count})
    ])
    if channel == "whatsapp":
        for partner in partners:
            partner._set_whatsapp_consent("opted_in", "counter")
    permits = env["sicantik.permit"].create([
        {{
            "config_id": config.id, "company_id": config.company_id.id, "identity": f"N\\x1f{round}{{channel}}{{n}}\\x1f{{n}}",
            "registration_number": f"{round}{{channel}}{{n}}", "permit_number": f"503/{{n:04}}/{round}/{{channel}}/2025",
            "applicant_name": "PEMOHON CONTOH", "status": "active", "partner_id": partner.id,
        }}
        for n, partner in enumerate(partners)
    ])
    told = notices._tell(permits, "status_update", "bench", facts={{"old": "draft", "new": "active"}})
    env.cr.commit()
    begun = time.monotonic()
    for first in range(0, len(told), batch):
        notices._send(told[first : first + batch])
        env.cr.commit()
    seconds[channel] = time.monotonic() - begun
    assert told.mapped("channel") == [channel] * {count}, set(told.mapped("channel"))
    assert set(told.mapped("state")) == {{"sent"}}, set(told.mapped("state"))
print(json.dumps(seconds))
"""


def handing(rig: Rig, figures: Figures, rounds: int) -> None:
    """Batches of a hundred, each committed, as the scheduled action has them; whichever is first changes by turns."""
    odoo = rig.odoo("sicantik_whatsapp")
    odoo.shell(_PREPARE)
    both = ["email", "whatsapp"]
    found = [odoo.shell(_HAND_OVER.format(round=n, count=COUNT, channels=both[:: -1 if n % 2 else 1])) for n in range(rounds)]
    rig.discard(odoo)
    for channel, label in (("email", "e-mail"), ("whatsapp", "WhatsApp")):
        figures.add(f"handing_{channel}", [one[channel] for one in found], "s", f"{COUNT:,} notices handed over by {label}")
    ratios = [one["whatsapp"] / one["email"] for one in found]
    figures.add("handing_ratio", ratios, "times", "  beside e-mails", Goal("≤", TIMES))
