"""The page of the manual about WhatsApp, each step as operators and managers do it."""

import base64

import pytest
from clerk import STAFF
from manual_walk import FURNISH, Story, Walk, page_of, walk_through
from riglib.session import Rig

MESSAGES = """
config = env["sicantik.config"].search([])
account = env["sicantik.whatsapp.account"].create({"name": "Kantor", "config_id": config.id, "sender_id": "100200300"})
account.number = "+62 836-0100-0777"
text = env.ref("sicantik_whatsapp.whatsapp_template_test_id")
messages = env["sicantik.whatsapp.message"]
for state in ("failed", "queued"):
    message = messages._make(account, text, "+6283601000123", ["Kantor"], content=("manual", state), is_test=True)
    message.state = state
env["res.users"].search([("login", "=", "manager")]).partner_id.whatsapp_number = "+6283601000124"
env["sicantik.whatsapp.template"].search([("kind", "=", "office_contact")]).registration_ids.state = "approved"
config.go_live_date = config._today()
config.company_id.sicantik_contact = "0800 000 0000"
contact = env["res.partner"].create({"name": "Pemohon Contoh", "whatsapp_number": "+6283601000125"})
contact._set_whatsapp_consent("opted_in", "counter")
env["sicantik.permit"].search([("status", "=", "active")], limit=1).partner_id = contact
"""
"""One that failed, and a newer one that waits; a manager who has a number; a permit whose contact agreed."""


def whatsapp(walk: Walk) -> None:
    with walk.step("Agreed", "Notices by WhatsApp", "WhatsApp Number", "Own Preferences", who="operator") as clerk:
        own = {"sicantik_whatsapp_number": "+6283601000126", "sicantik_whatsapp_consent": "opted_in"}
        clerk.call("res.users", "write", [clerk.session.uid], own)
    with walk.step("SICANTIK", "WhatsApp", "Messages", who="operator") as clerk:
        messages = clerk.menu("SICANTIK", "WhatsApp", "Messages")
        first, second = messages.look()
    with walk.step("Send Again", "Send Again", who="operator"):
        messages.row(second).press("Send Again")
    with walk.step("Cancel Message", who="operator"):
        messages.row(first).press("Cancel Message")
        assert messages.look(("state", "=", "cancelled")) == [first]
    with walk.step("Tell Selected", who="operator") as clerk:
        agreed = clerk.find("sicantik.permit", ("partner_id.name", "=", "Pemohon Contoh"))
        other = clerk.find("sicantik.permit", ("partner_id", "=", False))
        chosen = clerk.menu("SICANTIK", "Permits").press("Tell Selected", agreed, other)
    with walk.step("What", "Office Reminder", "Contact Office", who="operator"):
        chosen.record = chosen.save(kind="office_contact")
        assert chosen.has("told_count", "left_out", "preview", "limits")
    with walk.step("Show Those Permits", who="operator"):
        assert chosen.press("Show Those Permits").look() == [other]
    with walk.step("Send", who="operator"):
        told = chosen.press("Send")
        [notice] = told.look()
    with walk.step("Cancel Notice", "Cancel Message", who="operator"):
        told.row(notice).press("Cancel Notice")
        assert messages.shows("Cancel Message")
    with walk.step("SICANTIK", "WhatsApp", "Blocked", who="operator") as clerk:
        blocked = clerk.menu("SICANTIK", "WhatsApp", "Blocked")
        clerk.call("sicantik.whatsapp.blocked", "load", ["number", "reason"], [["0836 0100 0126", "Contoh"]])
        assert len(blocked.look()) == 1
    with walk.step("SICANTIK", "WhatsApp", "Statistics", "Delivered (%)", "Read (%)", who="operator") as clerk:
        assert clerk.menu("SICANTIK", "WhatsApp", "Statistics").look()
    with walk.step("SICANTIK", "WhatsApp", "Answers", who="operator") as clerk:
        assert clerk.menu("SICANTIK", "WhatsApp", "Answers").look()
    with walk.step("WhatsApp Consent Link", who="operator") as clerk:
        contact = clerk.record("res.partner", clerk.find("res.partner", ("sicantik_permit_ids", "!=", False)))
        dialog = contact.press("WhatsApp Consent Link")
    with walk.step("Link", "Print", who="operator"):
        assert dialog.has("link", "qr_code")
        assert dialog.press("Print")["type"] == "ir.actions.report"
    walk.outside("Agreed", "Message")
    with walk.step("Correct E-mail or WhatsApp", "Agreed", who="operator"):
        contact.press("Correct E-mail or WhatsApp")
        contact.press("Agreed")
    with walk.step(
        "SICANTIK", "WhatsApp", "Accounts", "Provider", "Phone Number ID", "Business Account ID", "People in 24 Hours",
        who="manager",
    ) as clerk:  # fmt: skip
        accounts = clerk.menu("SICANTIK", "WhatsApp", "Accounts")
        account = accounts.row(accounts.look()[0])
        account.save(sender_id="100200300", business_id="300200100", people_per_day=250)
    with walk.step("Webhook Address", "Verify Token", who="manager"):
        assert account.has("webhook_address", "verify_token")
    with walk.step("Enter Keys", "Seal and Send", "Secrets", who="manager") as clerk:
        assert account.press("Enter Keys")["tag"] == "sicantik_connector.sealing"
        sealed = base64.b64encode(b"\4" + bytes(100)).decode()
        clerk.call(account.model, "keep_sealed", [account.record], {"token": sealed, "app_secret": sealed})
        assert account.has("token_line", "app_secret_line")
    with walk.step("Check Account", who="manager"):
        account.press("Check Account")
    with walk.step(
        "SICANTIK", "WhatsApp", "Texts", "At the Providers", "Name at the Provider", "Approval", "Approved", "How It Reads",
        "Show with Permit", who="manager",
    ) as clerk:  # fmt: skip
        texts = clerk.menu("SICANTIK", "WhatsApp", "Texts")
        permit = clerk.find("sicantik.permit", ("status", "=", "active"))
        for text in texts.look():
            [lines] = clerk.call("sicantik.whatsapp.template", "read", [text], ["registration_ids"])
            [registered] = lines["registration_ids"]
            approved = (1, registered, {"state": "approved"})
            texts.row(text).save(registration_ids=[approved], shown_permit_id=permit)
        assert texts.row(texts.look()[0]).has("preview", "preview_problem")
    with walk.step("Test Notification", who="manager"):
        assert account.press("Test Notification")
    with walk.step("Approval", "Category at the Provider", "Check Account", who="manager"):
        account.press("Check Account")


STORIES = (whatsapp,)


@pytest.mark.parametrize("story", STORIES, ids=page_of)
def test_whoever_is_told_to_do_it_may_do_it(story: Story, rig: Rig) -> None:
    odoo = rig.odoo("sicantik_whatsapp", demo=True, furnished=STAFF + FURNISH + MESSAGES)
    walk_through(rig, story, odoo)
