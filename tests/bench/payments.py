"""What protecting payments costs: Odoo's Invoicing with the addon beside Odoo's alone, step by step on two databases."""

import time
from collections.abc import Mapping

from cash_office import ADDON
from figures import Figures, Goal
from riglib.server import Odoo
from riglib.session import Rig

COUNT = 350
"""Of each round; three rounds are a thousand payments."""
EXISTING = 100_000
FURNISH = f"""
from odoo import Command
company = env.company
if not company.chart_template:
    env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
partner = env["res.partner"].create({{"name": "PEMOHON CONTOH"}})
def invoices(count):
    made = env["account.move"].create([{{
        "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": "2026-01-05",
        "invoice_line_ids": [Command.create({{"name": "Retribusi", "price_unit": 750, "tax_ids": False}})],
    }} for _ in range(count)])
    made.action_post()
    return made
invoices(2 * {COUNT})
env["account.payment"].create([{{"partner_id": partner.id, "amount": 750, "memo": "bench"}} for _ in range({COUNT})])
"""
MEASURE = """
import json, time
domain = [("move_type", "=", "out_invoice")]
invoices = env["account.move"].search(domain, order="id")
first, second = invoices[: len(invoices) // 2], invoices[len(invoices) // 2 :]
payments = env["account.payment"].search([("memo", "=", "bench")])
found = {}
def measured(name, act):
    env.flush_all()
    env.invalidate_all()
    queries, started = env.cr.sql_log_count, time.perf_counter()
    act()
    env.flush_all()
    found[name] = [time.perf_counter() - started, env.cr.sql_log_count - queries]
def receivable(records):
    return records.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
def register():
    for start in range(0, len(first), 100):
        some = first[start : start + 100]
        wizard = env["account.payment.register"].with_context(active_model="account.move", active_ids=some.ids)
        wizard.create({"group_payment": False})._create_payments()
def reconcile():
    for item, other in zip(receivable(payments.move_id), receivable(second), strict=True):
        (item + other).reconcile()
def write_moves():
    for move in first:
        move.write({"ref": "x"})
        move.flush_recordset()
def write_lines():
    for line in receivable(first):
        line.write({"name": "x"})
        line.flush_recordset()
measured("moves", write_moves)
measured("lines", write_lines)
measured("post", payments.action_post)
measured("register", register)
measured("reconcile", reconcile)
print(json.dumps(found))
"""
STEPS = {
    "post": ("posting them", 1.1),
    "register": ("registering them on invoices", 1.1),
    "reconcile": ("reconciling them", 1.1),
    "moves": ("writing unrelated entries", 1.05),
    "lines": ("writing unrelated items", 1.05),
}
# As Odoo keeps them, without an account or a partner: what the installation reads are states.
MANY = f"""
INSERT INTO account_move (name, state, move_type, journal_id, company_id, currency_id, date, auto_post)
SELECT 'BENCH/' || n, 'posted', 'entry', move.journal_id, move.company_id, move.currency_id, move.date, 'no'
  FROM generate_series(1, {EXISTING}) n, (SELECT * FROM account_move LIMIT 1) move;
INSERT INTO account_payment (move_id, state, payment_type, partner_type, journal_id, company_id, currency_id, amount, date)
SELECT entry.id, 'in_process', 'inbound', 'customer', entry.journal_id, entry.company_id, entry.currency_id, 750, entry.date
  FROM account_move entry WHERE entry.name LIKE 'BENCH/%';
"""


def payments(rig: Rig, figures: Figures, rounds: int) -> None:
    """Rounds that change nothing, one database after the other in each."""
    alone, protected = (_office(rig, *addons) for addons in ((), (ADDON,)))
    each = [(_measured(alone), _measured(protected)) for _ in range(rounds)]
    for name, (text, limit) in STEPS.items():
        ratios = [ours[name][0] / odoos[name][0] for odoos, ours in each]
        figures.add(f"payments_{name}", ratios, "times", f"{COUNT:,} payments, {text}, with the addon", Goal("≤", limit))
        queries = [(ours[name][1] - odoos[name][1]) / COUNT for odoos, ours in each]
        goal = Goal("<", 1) if name in ("moves", "lines") else None
        figures.add(f"payments_{name}_queries", queries, "queries", "  more for each", goal)
    alone.sql(MANY)
    started = time.monotonic()
    alone.install(ADDON)
    seconds = time.monotonic() - started
    figures.add("payments_installation", seconds, "s", f"installation beside {EXISTING:,} posted payments")
    for odoo in (alone, protected):
        rig.discard(odoo)
        odoo.check_log()


def _office(rig: Rig, *addons: str) -> Odoo:
    odoo = rig.database(("account",))
    odoo.see_only({ADDON}, [])
    if addons:
        odoo.install(*addons)
    odoo.shell(FURNISH)
    return odoo


def _measured(odoo: Odoo) -> Mapping[str, tuple[float, int]]:
    return odoo.shell(MEASURE, commit=False)
