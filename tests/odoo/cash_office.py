"""An office that collects fees: its accounts, its people, invoices and payments of them, without a permit."""

ADDON = "payment_account_enhanced"
CASH_OFFICE = """
import json
company = env.company
if not company.chart_template:
    env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
company.currency_id = env.ref("base.IDR")
company.currency_id.active = True
company.write({"street": "Jalan Contoh 2", "city": "Kabanjahe", "country_id": env.ref("base.id").id})
groups = "group_ids" if "group_ids" in env["res.users"]._fields else "groups_id"
for login, group in (("clerk", "group_user"), ("boss", "group_manager")):
    rights = env.ref("base.group_user") + env.ref(f"payment_account_enhanced.{group}")
    env["res.users"].create({
        "name": login.capitalize(), "login": login, "password": login, "email": f"{login}@contoh.test", "tz": "Asia/Jakarta",
        groups: [(6, 0, rights.ids)],
    })
partner = env["res.partner"].create({"name": "PEMOHON CONTOH", "street": "Jalan Contoh 1", "city": "Kabanjahe"})
def invoice(amount):
    made = env["account.move"].create({
        "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": "2026-01-05",
        "invoice_line_ids": [(0, 0, {"name": "Retribusi", "price_unit": amount, "tax_ids": False})],
    })
    made.action_post()
    return made
def register(invoice, **values):
    clerk = env["res.users"].search([("login", "=", "clerk")])
    wizard = env["account.payment.register"].with_user(clerk).with_context(active_model="account.move", active_ids=invoice.ids)
    return wizard.create(values)._create_payments()
paid, part, free = invoice(750000), invoice(500000), invoice(300000)
payment = register(paid)
company.payment_approval = True
waiting = register(part, amount=200000)
draft = env["account.payment"].create({"partner_id": partner.id, "amount": 120000})
print(json.dumps({
    "payment": payment.id, "waiting": waiting.id, "draft": draft.id,
    "paid": paid.id, "part": part.id, "free": free.id, "paid_name": paid.name,
}))
"""
"""Logins: `clerk` (a payment user) and `boss` (a payment manager), with themselves as passwords. One invoice is paid, one
waits with a part of it, one is open; a draft has no invoice."""
