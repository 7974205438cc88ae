"""A posted payment as its people see it."""

from collections.abc import Callable

from desk import Desk
from playwright.sync_api import expect
from riglib.server import Odoo

ADDON = "payment_account_enhanced"
OFFICE = """
import json
company = env.company
env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
admin = env.ref("base.user_admin")
groups = "group_ids" if "group_ids" in admin._fields else "groups_id"
for name, group in (("clerk", "group_user"), ("boss", "group_manager")):
    rights = env.ref("base.group_user") + env.ref(f"payment_account_enhanced.{group}")
    env["res.users"].create({"name": name.capitalize(), "login": name, "password": name, groups: [(6, 0, rights.ids)]})
partner = env["res.partner"].create({"name": "PEMOHON CONTOH"})
invoice = env["account.move"].create({
    "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": "2026-01-05",
    "invoice_line_ids": [(0, 0, {"name": "Retribusi", "price_unit": 750, "tax_ids": False})],
})
invoice.action_post()
register = env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids).create({})
payment = register._create_payments()
env["account.payment"].create({"partner_id": partner.id, "amount": 120})
print(json.dumps({"payment": payment.id, "invoice": invoice.name}))
"""


def test_a_user_sees_no_way_and_a_manager_says_why(odoo_fresh: Callable[..., Odoo], sit_down: Callable[..., Desk]) -> None:
    odoo = odoo_fresh((ADDON,), start=False)
    made = odoo.shell(OFFICE)
    odoo.start()
    clerk = sit_down(odoo, login="clerk")
    clerk.open_record("account.action_account_payments", made["payment"])
    form = clerk.page.locator(".o_form_view")
    expect(form.locator(".o_field_widget[name=approval_state] [aria-checked=true]")).to_have_text("Posted")
    for label in ("Reset to Draft", "Reset To Draft", "Cancel", "Reject"):
        expect(form.get_by_role("button", name=label, exact=True)).to_have_count(0)

    boss = sit_down(odoo, login="boss")
    boss.open("account.action_account_payments")
    expect(boss.page.locator(".o_data_row td[name=approval_state]").first).to_be_visible()
    boss.picture("payment-list")
    boss.open_record("account.action_account_payments", made["payment"])
    boss.picture("payment-posted")
    boss.press("Reset to Draft")
    question = boss.page.locator(".modal")
    expect(question).to_contain_text("This comes undone")
    expect(question).to_contain_text(made["invoice"])
    boss.picture("payment-override-1366")
    question.locator("[name=reason] textarea").fill("Booked twice")
    question.get_by_role("button", name="Confirm").click()
    expect(question).to_have_count(0)
    expect(boss.page.locator(".o_field_widget[name=approval_state] [aria-checked=true]")).to_have_text("Draft")
    expect(boss.page.locator(".o-mail-Chatter")).to_contain_text("Reason: Booked twice")
    boss.picture("payment-reset")
