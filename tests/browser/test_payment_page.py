"""A posted payment as its people see it."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from album import LANGUAGES, Album
from cash_office import ADDON, CASH_OFFICE
from desk import Desk
from playwright.sync_api import expect
from pypdf import PdfReader
from riglib.server import Odoo

PAYMENTS = "account.action_account_payments"
INVOICES = "account.action_move_out_invoice_type"
VOUCHER = f"/report/html/{ADDON}.report_payment_voucher"
IN_LANGUAGE = """
lang = env["res.lang"]._activate_lang({code!r})
env["base.language.install"].create({{"lang_ids": [(6, 0, lang.ids)], "overwrite": True}}).lang_install()
env["res.users"].search([("login", "in", ("clerk", "boss"))]).lang = {code!r}
env["res.partner"].search([("name", "=", "PEMOHON CONTOH")]).lang = {code!r}
env.company.name = "DPMPTSP Kabupaten Contoh"
env["res.users"].search([("login", "=", "clerk")]).name = "Petugas Contoh"
env["res.users"].search([("login", "=", "boss")]).name = "Manajer Contoh"
"""


def test_a_user_sees_no_way_and_a_manager_says_why(odoo_fresh: Callable[..., Odoo], sit_down: Callable[..., Desk]) -> None:
    odoo = odoo_fresh((ADDON,), start=False)
    made = odoo.shell(CASH_OFFICE)
    odoo.start()
    clerk = sit_down(odoo, login="clerk")
    clerk.open_record(PAYMENTS, made["payment"])
    form = clerk.page.locator(".o_form_view")
    expect(form.locator(".o_field_widget[name=approval_state] [aria-checked=true]")).to_have_text("Posted")
    for label in ("Reset to Draft", "Reset To Draft", "Cancel", "Reject"):
        expect(form.get_by_role("button", name=label, exact=True)).to_have_count(0)

    boss = sit_down(odoo, login="boss")
    boss.open(PAYMENTS)
    expect(boss.page.locator(".o_data_row td[name=approval_state]").first).to_be_visible()
    boss.picture("payment-list")
    boss.open_record(PAYMENTS, made["payment"])
    boss.picture("payment-posted")
    boss.press("Reset to Draft")
    question = boss.page.locator(".modal")
    expect(question).to_contain_text("This comes undone")
    expect(question).to_contain_text(made["paid_name"])
    boss.picture("payment-override-1366")
    question.locator("[name=reason] textarea").fill("Booked twice")
    question.get_by_role("button", name="Confirm").click()
    expect(question).to_have_count(0)
    expect(boss.page.locator(".o_field_widget[name=approval_state] [aria-checked=true]")).to_have_text("Draft")
    expect(boss.page.locator(".o-mail-Chatter")).to_contain_text("Reason: Booked twice")
    boss.picture("payment-reset")


def test_an_invoice_says_what_waits_and_the_question_comes_from_it(
    odoo_fresh: Callable[..., Odoo], sit_down: Callable[..., Desk]
) -> None:
    odoo = odoo_fresh((ADDON,), start=False)
    made = odoo.shell(CASH_OFFICE)
    odoo.start()
    odoo.allow_log("WARNING odoo.http: .*posted", "refused on purpose")
    clerk = sit_down(odoo, login="clerk")
    clerk.open_record(INVOICES, made["part"])
    expect(clerk.page.locator(".o_form_view")).to_contain_text("Waits for approval before it pays this")
    clerk.picture("payment-invoice-waits")
    clerk.page.locator("button[name=action_register_payment]:visible").first.click()
    wizard = clerk.page.locator(".modal")
    expect(wizard).to_contain_text("is left out of the amount below")
    expect(wizard).to_contain_text("is kept for review")
    expect(wizard.locator("[name=amount] input")).to_have_value("300,000.00")
    clerk.picture("payment-register-waits")
    wizard.locator("footer .btn-secondary").click()

    for login in ("clerk", "boss"):
        desk = sit_down(odoo, login=login)
        desk.open_record(INVOICES, made["paid"])
        desk.page.locator(".o_field_widget[name=invoice_payments_widget] .js_payment_info").first.click()
        desk.page.locator(".js_unreconcile_payment, .o_popover button:has-text('Unreconcile')").first.click()
        said = desk.page.locator(".modal, .o_error_dialog").last
        expect(said).to_contain_text("posted")
        desk.picture(f"payment-unreconcile-{login}")
        if login == "boss":
            said.get_by_role("button", name="Undo With Reason").click()
            question = desk.page.locator(".modal", has_text="This comes undone")
            question.locator("[name=reason] textarea").fill("Another invoice")
            question.get_by_role("button", name="Confirm").click()
            expect(desk.page.locator(".modal")).to_have_count(0)
            expect(desk.page.locator(".js_payment_info")).to_have_count(0)
            desk.picture("payment-unreconciled")
        else:
            expect(said).to_contain_text("Boss")


def test_a_voucher_is_a_pdf_and_then_a_copy(odoo_fresh: Callable[..., Odoo], sit_down: Callable[..., Desk]) -> None:
    odoo = odoo_fresh((ADDON,), start=False)
    made = odoo.shell(CASH_OFFICE)
    odoo.start()
    odoo.shell(f"env['ir.config_parameter'].set_param('report.url', {odoo.url!r})")
    odoo.allow_log("wkhtmltopdf: The switch --", "Debian builds wkhtmltopdf without the patched Qt that knows heads and feet")
    clerk = sit_down(odoo, login="clerk")
    clerk.open_record(PAYMENTS, made["payment"])
    first, second = (_printed(clerk) for _ in range(2))
    for words in ("PEMOHON CONTOH", "750,000.00", "Seven Hundred And Fifty Thousand", made["paid_name"]):
        assert words in first, first
    assert "Copy 1" not in first
    assert "Copy 1" in second


def _printed(desk: Desk) -> str:
    """The words of the PDF that the button makes."""
    with desk.page.expect_download() as download:
        desk.press("Print Voucher")
    reader = PdfReader(BytesIO(Path(download.value.path()).read_bytes()))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.mark.one_version  # its pictures are of one version
def test_the_manual_for_finance_shows_what_people_see(
    language: str, odoo_fresh: Callable[..., Odoo], sit_down: Callable[..., Desk], pytestconfig: pytest.Config
) -> None:
    odoo = odoo_fresh((ADDON,), start=False)
    made = odoo.shell(CASH_OFFICE)
    odoo.shell(IN_LANGUAGE.format(code=LANGUAGES[language]))
    odoo.start()
    clerk, boss = (
        Album(sit_down(odoo, login=login, anew=pytestconfig.getoption("--pictures")), language) for login in ("clerk", "boss")
    )
    clerk.desk.open_record(PAYMENTS, made["draft"])
    clerk.press("action_ask_review")
    expect(clerk.page.locator("[name=approval_state] [aria-checked=true]")).to_have_attribute("data-value", "review")
    boss.desk.open_record(PAYMENTS, made["draft"])
    boss.keep("payment-review")
    boss.desk.open_record(PAYMENTS, made["payment"])
    boss.press("action_override")
    boss.page.locator(".modal [name=reason] textarea").fill({"id": "Dibukukan dua kali", "en": "Booked twice"}[language])
    boss.keep_dialog("payment-override")
    boss.close_dialog()
    clerk.page.goto(f"{VOUCHER}/{made['payment']}")
    expect(clerk.page.locator("[name=words]")).not_to_be_empty()
    clerk.keep("payment-voucher", clerk.page.locator(".page"))
