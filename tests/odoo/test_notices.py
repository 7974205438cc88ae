"""Notices end to end: found, handed to Odoo's queue, delivered to a real mail server."""

from letterbox import Letterbox, html_of
from notices import DAYS, deliver, prepare, run_action, states, tell
from riglib.server import Odoo

TELL_AT_ONCE = """
import json, threading
from odoo.service.model import retrying
both, tries = threading.Barrier(2), []

def tell():
    with env.registry.cursor() as cr:
        own = env(cr=cr)
        def once():
            cr.execute("SELECT 1")
            tries.append(1)
            if len(tries) < 3:
                both.wait(60)
            config = own["sicantik.config"].search([])
            own["sicantik.notice"]._tell_people(config, "status_update", "x", own.ref("base.user_admin"))
        retrying(once, own)

threads = [threading.Thread(target=tell) for _number in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(json.dumps(len(tries)))
"""
"""Two transactions that both began before either told anybody; how often they were tried."""


def test_applicants_are_told_once_each(odoo: Odoo, letterbox: Letterbox) -> None:
    prepare(odoo, letterbox, count=2, days=DAYS)
    admin = odoo.rpc()
    tell(admin)
    assert sorted(letter["To"].addresses[0].addr_spec for letter in letterbox.letters) == [
        "pemohon0@contoh.test",
        "pemohon1@contoh.test",
    ]
    letter = min(letterbox.letters, key=lambda letter: letter["To"])
    assert letter["From"].addresses[0].addr_spec == "kantor@contoh.test"
    assert letter["From"].addresses[0].display_name == "DPMPTSP Kabupaten Contoh"
    assert letter["Subject"] == "Pengingat masa berlaku izin 503/0001/CTH/2025"
    for words in ("PEMOHON CONTOH", "30 hari", "https://perizinan.example.go.id/perpanjangan", "0800 000 0000"):
        assert words in html_of(letter)
    # The third has no contact: the office is asked to telephone; the fourth is not due.
    [activity] = odoo.sql("SELECT res_id, note FROM mail_activity WHERE res_model = 'sicantik.permit'")
    assert "0800 000 0001" in activity["note"]
    assert states(odoo) == [{"state": "sent", "count": 3}, {"state": "skipped", "count": 2 + 3 + 3}]
    tell(admin)
    assert len(letterbox.letters) == 2


def test_an_address_that_the_mail_server_refuses(odoo: Odoo, letterbox: Letterbox) -> None:
    prepare(odoo, letterbox, days={"503/0001/CTH/2025": 90})
    letterbox.refused.add("pemohon0@contoh.test")
    admin = odoo.rpc()
    tell(admin)
    odoo.allow_log(r"ERROR odoo.addons.mail.models.mail_mail: failed sending mail", "the test's mail server refuses it")
    [notice] = admin.call("sicantik.notice", "search_read", [], ["state", "reason", "technical_detail", "partner_id"])
    assert notice["state"] == "failed"
    assert "could not be delivered" in notice["reason"]
    assert "5.1.1" in notice["technical_detail"]
    assert "5.1.1" not in notice["reason"]
    admin.call("res.partner", "write", [notice["partner_id"][0]], {"email": "benar@contoh.test"})
    admin.call("sicantik.notice", "action_send_again", [notice["id"]])
    run_action(admin)
    deliver(admin)
    assert [letter["To"].addresses[0].addr_spec for letter in letterbox.letters] == ["benar@contoh.test"]
    assert states(odoo) == [{"state": "sent", "count": 1}]


def test_what_odoo_delivers_at_last_counts_as_sent(odoo: Odoo, letterbox: Letterbox) -> None:
    prepare(odoo, letterbox, days={"503/0001/CTH/2025": 90})
    admin = odoo.rpc()
    odoo.sql("UPDATE ir_mail_server SET smtp_port = 1 WHERE active")
    tell(admin)
    assert states(odoo) == [{"state": "failed", "count": 1}]
    odoo.sql(f"UPDATE ir_mail_server SET smtp_port = {letterbox.port} WHERE active")
    [failed] = admin.call("mail.mail", "search", [("state", "=", "exception")])
    admin.call("mail.mail", "action_retry", [failed])
    deliver(admin)
    assert len(letterbox.letters) == 1
    assert states(odoo) == [{"state": "sent", "count": 1}]


def test_two_who_tell_the_office_at_once_tell_it_once(odoo: Odoo, letterbox: Letterbox) -> None:
    prepare(odoo, letterbox)
    assert odoo.shell(TELL_AT_ONCE) == 3, "the later one was repeated"
    assert states(odoo) == [{"state": "due", "count": 1}]
