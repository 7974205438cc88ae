"""A customer who pays online: Odoo's own `account_payment`, with its demo provider, beside protected payments."""

from cash_office import ADDON, CASH_OFFICE
from riglib.session import Rig

PAY = """
bill = invoice(400000)
provider = env["payment.provider"].search([("code", "=", "demo")], limit=1)
provider.state = "test"
paid = env["payment.transaction"].create({
    "provider_id": provider.id, "payment_method_id": provider.payment_method_ids[:1].id, "reference": "online-1",
    "amount": 400000, "currency_id": bill.currency_id.id, "partner_id": bill.partner_id.id,
    "invoice_ids": [(6, 0, bill.ids)], "operation": "online_redirect",
})
paid._set_done()
paid._post_process()
payment = paid.payment_id
seen = {"waits": [payment.state, payment.approval_state, bill.amount_residual, bill.waiting_payment_ids == payment]}
boss = env["res.users"].search([("login", "=", "boss")])
payment.with_user(boss).action_approve()
payment.with_user(boss).action_post()
seen["paid"] = [payment.approval_state, bill.amount_residual]
print(json.dumps(seen))
"""


def test_an_online_payment_waits_and_then_pays(rig: Rig) -> None:
    odoo = rig.database(("account_payment", "payment_demo"))
    odoo.install(ADDON)
    seen = odoo.shell(CASH_OFFICE + PAY)
    rig.discard(odoo)
    assert seen == {"waits": ["draft", "review", 400000, True], "paid": ["posted", 0]}
    odoo.check_log()
