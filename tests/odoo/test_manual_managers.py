"""The pages of the manual for managers and administrators, each step as they do it; and that no page was left out."""

import pytest
from clerk import NotShown
from manual_walk import API_CONFIGURATION, Story, Walk, configuration, page_of, permit, walk_through
from riglib.plugin import CONNECTOR
from riglib.session import Rig
from test_manual_documents import STORIES as OF_DOCUMENTS
from test_manual_erase_documents import STORIES as OF_ERASING
from test_manual_finance import STORIES as OF_FINANCE
from test_manual_hand_out import STORIES as OF_HAND_OUT
from test_manual_inbox import STORIES as OF_THE_INBOX
from test_manual_operators import STORIES as OF_OPERATORS
from test_manual_storage import STORIES as OF_STORAGE
from test_manual_whatsapp import STORIES as OF_WHATSAPP

import docs


def checklist(walk: Walk) -> None:
    with walk.step("Apps", "SICANTIK", who="admin") as clerk:
        assert clerk.menu("Apps").look(("name", "=", CONNECTOR), ("state", "=", "installed"))
        clerk.menu("SICANTIK")
    with walk.step("SICANTIK", "Permits", who="admin") as clerk:
        clerk.menu("SICANTIK", "Permits")
    with walk.step("SICANTIK", "Dashboard", "Save and Test", "Connect Worker", who="admin") as clerk:
        clerk.menu("SICANTIK", "Dashboard")
        clerk.call("sicantik.config", "set_address", [clerk.find("sicantik.config")], "https://sicantik.example.go.id/api")
    with walk.step(*API_CONFIGURATION, "Connect Worker", "Time Zone", who="admin") as clerk:
        assert configuration(clerk).has("api_url", "tz")
        assert "SICANTIK__ODOO__API_KEY" in configuration(clerk).press("Connect Worker")["params"]["env"]
    walk.outside("Connected")
    walk.outside()
    with walk.step("Test Connection", "Done", "Connected", who="admin") as clerk:
        configuration(clerk).press("Test Connection")
    with walk.step("Sync Now", "Done", who="admin") as clerk:
        configuration(clerk).press("Sync Now")
    with walk.step("Test Expiry Sync", "Done", who="admin") as clerk:
        configuration(clerk).press("Test Expiry Sync")
    with walk.step("Sync All Expiry Dates", "Start", who="admin") as clerk:
        configuration(clerk).press("Sync All Expiry Dates").finish("Start")
    with walk.step("Compare with SICANTIK", "No differences", who="admin") as clerk:
        configuration(clerk).press("Compare with SICANTIK")
    with walk.step("SICANTIK", "Permit Types", who="admin") as clerk:
        assert clerk.menu("SICANTIK", "Permit Types").look()
    with walk.step("SICANTIK", "Dashboard", who="admin") as clerk:
        clerk.menu("SICANTIK", "Dashboard")
        figure = clerk.call("sicantik.dashboard", "figures")["total"]
        assert clerk.call("sicantik.permit", "search_count", figure["domain"]) == figure["count"] > 0
    with walk.step("SICANTIK", "Permits", "Expired", who="admin") as clerk:
        clerk.menu("SICANTIK", "Permits").filter("Expired")
    with walk.step("SICANTIK", "Configuration", "Data Quality", who="admin") as clerk:
        assert clerk.menu("SICANTIK", "Configuration", "Data Quality").fresh()["report"]
    with walk.step("Viewer", "Sync Now", "Configuration", who="viewer") as clerk:
        page = clerk.menu("SICANTIK", "Permits")
        assert page.look()
        assert not page.shows("Sync Now")
        with pytest.raises(NotShown):
            clerk.menu("SICANTIK", "Configuration")
    with walk.step("Operator", "Sync Now", who="operator") as clerk:
        assert clerk.menu("SICANTIK", "Permits").shows("Sync Now")
        with pytest.raises(NotShown):
            configuration(clerk).save(page_size=200)
    with walk.step("Expires", "Expiry From", "Entered by Hand", who="operator") as clerk:
        page = permit(clerk, ("status", "=", "active"), ("expiry_source", "!=", "manual"))
        page.save(expiry_date="2030-12-31")
        assert clerk.value(page.model, page.record, "expiry_source") == "manual"
        page.save(expiry_date=False)
    with walk.step("SICANTIK", "Permits", who="operator") as clerk:
        clerk.menu("SICANTIK", "Permits")
    with walk.step("SICANTIK", "Configuration", "Notices", who="admin") as clerk:
        settings = clerk.menu("SICANTIK", "Configuration", "Notices")
        assert settings.has("sicantik_office_name", "sicantik_renewal_url")
    with walk.step("Notices From", "Responsible", who="admin"):
        assert settings.has("go_live_date", "user_id")
    with walk.step("SICANTIK", "Notices", "Sent", "Failed", who="admin") as clerk:
        clerk.menu("SICANTIK", "Notices").filter("Sent", "Failed")
    with walk.step("SICANTIK", "Sync Runs", "Done", who="admin") as clerk:
        assert clerk.menu("SICANTIK", "Sync Runs").look(("state", "=", "done"))
    walk.outside()
    walk.outside()


def first_day(walk: Walk) -> None:
    with walk.step("Settings", "Users & Companies", "Users", "Viewer", "Operator", "Manager", who="admin") as clerk:
        page = clerk.menu("Settings", "Users & Companies", "Users")
        for name in ("viewer", "operator", "manager"):
            group = clerk.call("ir.model.data", "check_object_reference", CONNECTOR, f"group_{name}")[1]
            [groups] = {"group_ids", "groups_id"} & page.fields.keys()
            clerk.call("res.users", "write", [clerk.find("res.users", ("login", "=", name))], {groups: [(4, group)]})
    with walk.step(*API_CONFIGURATION, "Settings", "Address", "Allow Plain HTTP", who="admin") as clerk:
        configuration(clerk).save(api_url="http://sicantik.example.test/api", allow_plain_http=True)
    with walk.step("Connect Worker", who="admin") as clerk:
        configuration(clerk).press("Connect Worker")
    walk.outside("Copy Settings", "Download")
    with walk.step("Connected", who="admin") as clerk:
        assert configuration(clerk).has("worker_state")
    with walk.step("Test Connection", "Connected", "Last Test", who="admin") as clerk:
        configuration(clerk).press("Test Connection")
    with walk.step("Sync Now", "Done", who="admin") as clerk:
        configuration(clerk).press("Sync Now")
    with walk.step("Test Expiry Sync", who="admin") as clerk:
        configuration(clerk).press("Test Expiry Sync")
    with walk.step("Sync All Expiry Dates", "All Permits That Are Due", "Start", who="admin") as clerk:
        configuration(clerk).press("Sync All Expiry Dates").finish("Start", mode="all")
    with walk.step("Compare with SICANTIK", "No differences", who="admin") as clerk:
        configuration(clerk).press("Compare with SICANTIK")


def permit_types(walk: Walk) -> None:
    with walk.step("SICANTIK", "Permit Types", who="manager") as clerk:
        listed = clerk.menu("SICANTIK", "Permit Types")
    with walk.step("Merge", who="manager"):
        gone, remaining = listed.look(("merged_into_id", "=", False))[:2]
        dialog = listed.press("Merge", gone, remaining)
    with walk.step("Type That Remains", who="manager"):
        assert dialog.has("remaining_id", "moved_count")
    with walk.step("Merge", who="manager"):
        dialog.finish("Merge", remaining_id=remaining)
    with walk.step("Separate Again", "Old Names", who="manager"):
        listed.row(remaining).press("Separate Again", gone)
    with walk.step("SICANTIK", "Permit Types", "Decide", who="manager") as clerk:
        assert clerk.call("sicantik.permit.type", "renewal_pairs")["message"]
        pairs = clerk.open("sicantik_connector.sicantik_permit_type_action_pairs")
    with walk.step("Is a Renewal", "Is None", who="manager"):
        first, second = pairs.look()
        pairs.press("Is a Renewal", first)
        pairs.press("Is None", second)
        assert not pairs.look()
    with walk.step("Take Back", who="manager"):
        listed.filter("Counts as Another")
        listed.row(first).press("Take Back")
        assert pairs.look() == [first]


def schedule_and_settings(walk: Walk) -> None:
    with walk.step("Settings", "Technical", "Scheduled Actions", who="admin") as clerk:
        assert clerk.open("base.ir_cron_act").look(("cron_name", "like", "SICANTIK"))
    with walk.step(*API_CONFIGURATION, "Settings", who="manager") as clerk:
        configuration(clerk).save(
            api_url="https://sicantik.example.test/api", api_key="kunci", api_timeout=20, rate_limit=5, page_size=200,
            sync_interval=30, tz="Asia/Makassar", keep_runs_days=90, keep_api_days=14, critical_days=20, warning_days=50,
            partner_policy="none",
        )  # fmt: skip
        with pytest.raises(NotShown):
            configuration(clerk).save(worker_url="http://127.0.0.1:8075")
        configuration(walk.clerk("admin")).save(worker_url="http://127.0.0.1:8075")
    with walk.step("API Calls (7 Days)", "By Day and Call", who="manager") as clerk:
        configuration(clerk).press("By Day and Call")


def worker(walk: Walk) -> None:
    for _systemctl_doctor_journal in range(3):
        walk.outside()
    with walk.step(*API_CONFIGURATION, "Renew Keys", "Ok", who="admin") as clerk:
        assert "SICANTIK__HOOK__KEY" in configuration(clerk).press("Renew Keys")["params"]["env"]
    walk.outside("Copy Settings", "Download")
    walk.outside()
    with walk.step("End Earlier Keys Now", who="admin") as clerk:
        configuration(clerk).press("End Earlier Keys Now")


STORIES = (checklist, first_day, permit_types, schedule_and_settings, worker)


@pytest.mark.parametrize("story", STORIES, ids=page_of)
def test_whoever_is_told_to_do_it_may_do_it(story: Story, rig: Rig) -> None:
    walk_through(rig, story)


def test_every_page_that_tells_people_to_do_something_is_gone_through() -> None:
    pages = {page.name for page in (docs.DOCS / "en").glob("*.md") if docs.steps(page)}
    of_documents = (*OF_DOCUMENTS, *OF_HAND_OUT, *OF_THE_INBOX, *OF_STORAGE, *OF_ERASING)
    stories = (*STORIES, *OF_FINANCE, *OF_OPERATORS, *OF_WHATSAPP, *of_documents)
    assert pages == {page_of(story) for story in stories}
