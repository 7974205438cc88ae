"""The pages of the manual for everybody and for operators, each step as they do it."""

import pytest
from manual_walk import Story, Walk, configuration, page_of, permit, walk_through
from riglib.session import Rig


def contacts(walk: Walk) -> None:
    with walk.step("Accept Proposal", who="operator") as clerk:
        page = permit(clerk, ("proposed_partner_id", "!=", False))
        page.press("Accept Proposal")
        assert clerk.value(page.model, page.record, "partner_id")
    with walk.step("Not This Contact", who="operator") as clerk:
        permit(clerk, ("proposed_partner_id", "!=", False)).press("Not This Contact")
    with walk.step("Remove Link", who="operator") as clerk:
        page.press("Remove Link")
        assert not clerk.value(page.model, page.record, "partner_id")
    with walk.step("Find Contacts", "Contact Proposed", "Without Contact", who="operator") as clerk:
        listed = clerk.menu("SICANTIK", "Permits")
        listed.press("Find Contacts", *listed.look())
        listed.filter("Contact Proposed", "Without Contact")
    with walk.step("Correct E-mail or WhatsApp", who="operator") as clerk:
        page = permit(clerk, ("partner_id", "!=", False))
        contact = clerk.record("res.partner", clerk.value(page.model, page.record, "partner_id")[0])
        contact.press("Correct E-mail or WhatsApp")
        dialog = page.press("Correct E-mail or WhatsApp")
    with walk.step("E-mail", "WhatsApp", who="operator"):
        assert dialog.has("email", "whatsapp_number")
    with walk.step("Save", who="operator") as clerk:
        dialog.finish("Save", email="baru@contoh.test", whatsapp_number="0812 3456 7890")
        assert clerk.value("res.partner", contact.record, "email") == "baru@contoh.test"
    with walk.step("WhatsApp Notices", "Agreed", "Refused", who="operator"):
        contact.press("Refused")
        dialog = contact.press("Agreed")
    with walk.step("Office Counter", "Form", "Message", "Remark", who="operator"):
        assert dialog.has("source", "note")
    with walk.step("Save", who="operator") as clerk:
        dialog.finish("Save", consent="opted_in", source="form", note="Formulir 12")
        assert clerk.value("res.partner", contact.record, "whatsapp_consent") == "opted_in"
    walk.outside("Refused")


def data_quality(walk: Walk) -> None:
    with walk.step("SICANTIK", "Configuration", "Data Quality", who="operator") as clerk:
        page = clerk.menu("SICANTIK", "Configuration", "Data Quality")
        sections = page.fresh()["report"]["sections"]
        for line in (line for section in sections for line in section["lines"]):
            assert clerk.call("sicantik.permit", "search_count", line["domain"]) == line["count"], line
    with walk.step("Without an Expiry Date, by SICANTIK's Answer", "Sync All Expiry Dates", who="operator") as clerk:
        configuration(clerk).press("Sync All Expiry Dates").finish("Start")


def dates(walk: Walk) -> None:
    with walk.step("SICANTIK", "Permits", who="operator") as clerk:
        page = permit(clerk, ("status", "=", "active"))
    with walk.step("Validity", "Expires", "Issued", who="operator"):
        assert page.has("expiry_date", "issue_date")
    with walk.step(who="operator") as clerk:
        page.save(expiry_date="2031-12-31", issue_date="2021-12-31")
        assert clerk.value(page.model, page.record, "expiry_source") == "manual"
    with walk.step("Ask SICANTIK Now", who="operator") as clerk:
        page.press("Ask SICANTIK Now")
        assert clerk.value(page.model, page.record, "ask_state") == "queued"


def find_permits(walk: Walk) -> None:
    with walk.step("SICANTIK", "Permits", who="viewer") as clerk:
        page = clerk.menu("SICANTIK", "Permits")
    with walk.step(who="viewer"):
        [found, *_] = page.look(("display_name", "ilike", "503 cth"))
    with walk.step(who="viewer"):
        page.row(found)
    with walk.step("SICANTIK", "Permits", who="viewer") as clerk:
        page = clerk.menu("SICANTIK", "Permits")
    with walk.step(who="viewer"):
        ticked = page.look(("status", "=", "expired"))
    with walk.step("Actions", "Export", "Export", who="viewer") as clerk:
        rows = clerk.call("sicantik.permit", "export_data", ticked, ["permit_number", "applicant_name", "expiry_date"])
        assert len(rows["datas"]) == len(ticked) > 0


def notices(walk: Walk) -> None:
    with walk.step("Reopen", who="operator") as clerk:
        permit(clerk, ("status", "=", "renewed")).press("Reopen")
    with walk.step("Reopen", "Waiting", "Notices From", who="operator") as clerk:
        permit(clerk, ("status", "=", "cancelled")).press("Reopen")
    with walk.step("Tell Staff of Status Changes", "SICANTIK", "Configuration", "Notices", who="manager") as clerk:
        clerk.menu("SICANTIK", "Configuration", "Notices").finish("Save", tell_staff=False)
    with walk.step("SICANTIK", "Notices", "Notices", who="operator") as clerk:
        listed = clerk.menu("SICANTIK", "Notices")
        told = clerk.find("sicantik.notice", ("state", "=", "failed"))
        permit(clerk, ("id", "=", clerk.value("sicantik.notice", told, "permit_id")[0])).press("Notices")
        clerk.record("res.partner", clerk.value("sicantik.notice", told, "partner_id")[0]).press("Notices")
    with walk.step("Waiting", "Cancel Notice", who="operator") as clerk:
        waiting = listed.row(clerk.find("sicantik.notice", ("state", "=", "due"), ("channel", "=", "email")))
        waiting.press("Cancel Notice")
        assert clerk.value(waiting.model, waiting.record, "state") == "cancelled"
    with walk.step("Unknown", "Send Again", who="operator") as clerk:
        unknown = listed.row(clerk.find("sicantik.notice", ("state", "=", "unknown")))
        unknown.press("Send Again")
        assert clerk.value(unknown.model, unknown.record, "state") == "due"
    with walk.step("Failed", "Technical details", "Correct E-mail or WhatsApp", "Send Again", who="operator") as clerk:
        failed = listed.row(told)
        failed.press("Correct E-mail or WhatsApp").finish("Save", email="benar@contoh.test")
        failed.press("Send Again")
        assert clerk.value(failed.model, failed.record, "state") == "due"
    with walk.step("SICANTIK", "Notices", "To Be Called", who="operator") as clerk:
        to_call = ("state", "=", "sent"), ("channel", "=", "activity")
        asked = listed.look(*to_call)
    with walk.step("Called", who="operator") as clerk:
        call = listed.row(asked[0])
        call.press("Called").finish("Called", note="Sudah ditelepon")
        assert clerk.value(call.model, call.record, "state") == "delivered"
    with walk.step("SICANTIK", "Configuration", "Notices", who="manager") as clerk:
        settings = clerk.menu("SICANTIK", "Configuration", "Notices")
    office = ("Office Name", "Contact of the Office", "Renewal Link", "Language of Notices")
    with walk.step(*office, who="manager"):
        settings.finish(
            "Save",
            sicantik_office_name="Kantor Contoh",
            sicantik_contact="0800 000 0000",
            sicantik_renewal_url="https://perizinan.example.test/baru",
            sicantik_notice_language="id",
        )
    own = ("Notices From", "Days Before Expiry", "Responsible", "Tell Staff of Status Changes", "Keep Addresses")
    with walk.step(*own, who="manager") as clerk:
        settings.finish(
            "Save",
            go_live_date="2030-01-01",
            notice_steps="60, 30",
            user_id=clerk.session.uid,
            tell_staff=True,
            keep_addresses_days=60,
        )
    with walk.step("Save and Edit the Texts", who="manager") as clerk:
        texts = settings.finish("Save and Edit the Texts")
        for text in texts.look():
            page = texts.row(text)
            written = clerk.value(page.model, text, "body_html")
            page.save(subject="Izin {{ object.permit_number }}", body_html=f"{written}<p>Salam</p>")
            assert "Salam" in clerk.value(page.model, text, "body_html")
    with walk.step("All Notices To", "Went to All Notices To", who="manager") as clerk:
        settings = clerk.menu("SICANTIK", "Configuration", "Notices")
        settings.finish("Save", all_notices_email="uji@contoh.test", all_notices_phone="0812 3456 7890")
        settings.finish("Save", all_notices_email=False, all_notices_phone=False)
    with walk.step(who="admin") as clerk:
        clerk.call("res.company", "write", [clerk.find("res.company")], {"email": "kantor@contoh.test"})


def renew_and_cancel(walk: Walk) -> None:
    with walk.step("Accept Renewal", "Renewed", who="operator") as clerk:
        page = permit(clerk, ("proposed_renewal_id", "!=", False))
        page.press("Accept Renewal")
        assert clerk.value(page.model, page.record, "status") == "renewed"
    with walk.step("Not a Renewal", who="operator") as clerk:
        permit(clerk, ("proposed_renewal_id", "!=", False)).press("Not a Renewal")
    with walk.step("Mark as Renewed", who="operator") as clerk:
        page = permit(clerk, ("status", "=", "expired"))
        dialog = page.press("Mark as Renewed")
    offered = ("Only the Same Applicant", "Only the Same Permit Type", "The new permit is not in SICANTIK's list yet")
    with walk.step(*offered, who="operator"):
        assert dialog.has("mode", "new_permit_id", "same_applicant", "same_type", "sides")
    with walk.step("Mark as Renewed", who="operator") as clerk:
        dialog.finish("Mark as Renewed", mode="not_listed")
        assert clerk.value(page.model, page.record, "status") == "renewed"
    with walk.step("Cancel Permit", "Cancel Permits", who="operator") as clerk:
        page = permit(clerk, ("status", "=", "active"))
        listed = clerk.menu("SICANTIK", "Permits")
        others = listed.look(("status", "=", "active"), ("id", "!=", page.record))[:2]
        listed.press("Cancel Permits", *others).finish("Cancel Permit", reason="Keputusan 1")
        dialog = page.press("Cancel Permit")
    with walk.step("Kind of Ending", who="operator"):
        assert dialog.has("ending", "reason")
    with walk.step("Cancel Permit", who="operator") as clerk:
        dialog.finish("Cancel Permit", ending="revoked", reason="Keputusan 2")
        page.save(ending="closed", cancel_reason="Keputusan 3")
        assert {row["status"] for row in clerk.call(page.model, "read", [page.record, *others], ["status"])} == {"cancelled"}
    with walk.step("Reopen", who="operator") as clerk:
        page.press("Reopen")
        assert clerk.value(page.model, page.record, "status") != "cancelled"


def sync_runs(walk: Walk) -> None:
    with walk.step("Sync Now", who="operator") as clerk:
        clerk.menu("SICANTIK", "Permits").press("Sync Now")
        assert clerk.call("sicantik.dashboard", "figures")["may"]["sync"]
    with walk.step("SICANTIK", "Configuration", "API Configuration", who="operator") as clerk:
        page = configuration(clerk)
    with walk.step("Test Connection", who="operator"):
        page.press("Test Connection")
    with walk.step("Sync All Expiry Dates", who="operator"):
        dialog = page.press("Sync All Expiry Dates")
    with walk.step("Test Expiry Sync", who="operator"):
        page.press("Test Expiry Sync")
    with walk.step("Sync Permit Types", who="operator"):
        page.press("Sync Permit Types")
    with walk.step("Compare with SICANTIK", who="operator"):
        page.press("Compare with SICANTIK")
    with walk.step("Sync All Expiry Dates", who="operator"):
        assert dialog.has("due_count", "call_count", "estimated_seconds")
    with walk.step("SICANTIK", "Sync Runs", who="operator") as clerk:
        runs = clerk.menu("SICANTIK", "Sync Runs")
    with walk.step("Running", "Cancel Run", who="operator"):
        for queued in runs.look(("state", "=", "queued")):
            runs.row(queued).press("Cancel Run")
        assert not runs.look(("state", "=", "queued"))
    with walk.step("Failed", "Run Again", who="operator"):
        runs.row(runs.look(("state", "=", "failed"))[0]).press("Run Again")
    with walk.step("Lost", "Run Again", who="operator"):
        runs.row(runs.look(("state", "=", "lost"))[0]).press("Run Again")
    with walk.step("Partly Done", who="operator"):
        partial = runs.row(runs.look(("state", "=", "partial"), ("kind", "=", "all"))[0])
        assert partial.has("issue_ids")
    with walk.step("Retry Issues", "Retry", who="operator") as clerk:
        partial.press("Retry", clerk.value(partial.model, partial.record, "issue_ids")[0], of="sicantik.sync.issue")
        partial.press("Retry Issues")
    walk.odoo.sql("UPDATE sicantik_sync_issue SET retried_by_id = NULL")
    with walk.step("Issues", "Retry", who="operator"):
        issues = partial.press("Issues")
        issues.press("Retry", *issues.look(("run_id", "=", partial.record)))
    walk.outside()
    walk.outside()
    with walk.step("Mark Missing Permits", who="operator"):
        partial.press("Mark Missing Permits")


STORIES = (contacts, data_quality, dates, find_permits, notices, renew_and_cancel, sync_runs)


@pytest.mark.parametrize("story", STORIES, ids=page_of)
def test_whoever_is_told_to_do_it_may_do_it(story: Story, rig: Rig) -> None:
    walk_through(rig, story)
