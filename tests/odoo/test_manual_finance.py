"""The pages of the manual for finance, each step as they do it."""

import pytest
from cash_office import ADDON, CASH_OFFICE
from manual_walk import Story, Walk, page_of, walk_through
from riglib.session import Rig

WAY = ("Invoicing", "Customers", "Payments")


def payments(walk: Walk) -> None:
    with walk.step(*WAY, who="clerk") as clerk:
        listed = clerk.menu(*WAY)
        draft = listed.row(clerk.find("account.payment", ("approval_state", "=", "draft")))
    with walk.step("Request Review", "In Review", who="clerk"):
        draft.press("Request Review")
        listed.filter("In Review")
    with walk.step("Approve", "Send Back", who="boss") as boss:
        asked = boss.menu(*WAY).row(draft.record)
        asked.press("Send Back").finish("Confirm", reason="Another journal")
        assert boss.value("account.payment", draft.record, "approval_state") == "draft"
        draft.press("Request Review")
        asked.press("Approve")
    with walk.step("Approved", "Confirm", "Posted", who="clerk") as clerk:
        listed.filter("Approved")
        draft.press("Confirm")
        listed.filter("Posted")
        assert clerk.value("account.payment", draft.record, "approval_state") == "posted"
    with walk.step("Print Voucher", "Print Voucher", who="clerk"):
        assert draft.press("Print Voucher")["type"] == "ir.actions.report"
        assert listed.press("Print Voucher", draft.record)["type"] == "ir.actions.report"
    with walk.step("Reset to Draft", "Cancel", "Undo Reconciliation", who="boss") as boss:
        paid = boss.find("account.payment", ("approval_state", "=", "posted"), ("id", "!=", draft.record))
        posted = boss.menu(*WAY).row(paid)
        assert posted.shows("Reset to Draft", "Cancel", "Undo Reconciliation")
    with walk.step("Reason", "Confirm", who="boss") as boss:
        posted.press("Undo Reconciliation").finish("Confirm", reason="Another invoice")
        assert boss.value("account.payment", paid, "override_date")
    with walk.step(
        "Settings", "Invoicing", "Payments Need Approval", "Approval From", "One Person May Do Both", who="admin"
    ) as clerk:
        settings = clerk.open("account.action_account_config")
        assert settings.has("payment_approval", "payment_approval_from", "payment_approval_alone")
    with walk.step("Payment User", "Payment Manager", "Settings", "Users & Companies", "Users", who="admin") as clerk:
        users = clerk.menu("Settings", "Users & Companies", "Users")
        assert users.look(("login", "=", "boss"))


STORIES = (payments,)


@pytest.mark.parametrize("story", STORIES, ids=page_of)
def test_whoever_is_told_to_do_it_may_do_it(story: Story, rig: Rig) -> None:
    odoo = rig.database((ADDON,))
    odoo.shell(CASH_OFFICE)
    walk_through(rig, story, odoo.start())
