"""The settings of a configuration: a manager's to change, an operator's to read."""

import pytest
from offices import MakeOffice
from playwright.sync_api import expect
from riglib.rpc import OdooError


def test_a_manager_saves_settings_and_an_operator_may_not(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=20)
    manager = sit_down(office.odoo, login="manager")
    manager.open_configuration()
    manager.page.locator("[name=critical_days] input").fill("20")
    manager.page.locator("[name=warning_days] input").fill("45")
    manager.page.locator("[name=api_key] input").fill("made-up-key")
    manager.page.locator(".o_form_button_save").click()
    expect(manager.page.locator(".o_form_button_save")).to_be_hidden()
    assert (office.read_config("critical_days"), office.read_config("warning_days")) == (20, 45)
    assert "made-up-key" not in manager.page.content()
    manager.picture("49-settings-saved", full_page=True)

    operator = sit_down(office.odoo, login="operator")
    operator.open_configuration()
    expect(operator.page.locator("[name=critical_days]")).to_have_text("20")
    expect(operator.page.locator("[name=critical_days] input")).to_have_count(0)
    operator.picture("50-settings-of-an-operator", full_page=True)
    office.odoo.allow_log(r"WARNING odoo.http: ", "refused on purpose")
    office.odoo.allow_log(r"WARNING odoo.addons.base.models.ir_model", "refused on purpose")
    with pytest.raises(OdooError) as refused:
        office.odoo.rpc("operator", "operator").call("sicantik.config", "write", [office.config_id], {"critical_days": 5})
    assert refused.value.name == "odoo.exceptions.AccessError"
    assert office.read_config("critical_days") == 20
