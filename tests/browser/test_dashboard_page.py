"""The dashboard: every figure opens the permits that it counts, and a run under way moves."""

import re
from collections.abc import Callable

import pytest
from desk import Desk
from offices import MakeOffice
from parts import QUICK_LEASE, Office
from people import read_indonesian
from playwright.sync_api import Locator, expect

SYNCED = """
from datetime import timedelta
permits = env["sicantik.permit"].search([("expiry_date", "!=", False)], order="id")
permits[0].sudo().expiry_date = permits.config_id._today()
permits[1].status, permits[2].status = "renewed", "cancelled"
"""
"""After a sync nobody has renewed or cancelled anything, and perhaps nothing expires today."""


def _synced(make_office: MakeOffice, permits: int = 300) -> Office:
    office = make_office(permits=permits)
    office.unhurried(500)
    assert office.worker.run("permits")[0] == 0
    assert office.worker.run("expiry")[0] == 0
    office.odoo.shell(SYNCED)
    return office


def _number(locator: Locator) -> int:
    """What a figure says; thousands may be parted."""
    return int(re.sub(r"\D", "", locator.inner_text()))


def _open_and_return(desk: Desk, count: int, press: Callable[[], None]) -> list[str]:
    """Presses a figure, compares it with the list that opens, and comes back; the facets of the list."""
    press()
    page = desk.page
    page.wait_for_selector(".o_list_view")
    if count:
        expect(page.locator(".o_pager_limit")).to_have_text(str(count))
    else:
        expect(page.locator(".o_data_row")).to_have_count(0)
    facets = page.locator(".o_searchview_facet .o_facet_values").all_inner_texts()
    page.locator(".o_breadcrumb a, .o_back_button").first.click()
    page.wait_for_selector(".o_sicantik_page")
    return facets


def _counts(figures: Locator) -> list[int]:
    return [_number(figure.locator(".o_sicantik_count")) for figure in figures.all()]


def _check_figure(desk: Desk, figure: Locator) -> None:
    """Opens the figure; the list has as many permits, and the figure as its one facet; all permits need none."""
    count, label = _number(figure.locator(".o_sicantik_count")), figure.locator(".o_sicantik_label").inner_text()
    facets = _open_and_return(desk, count, figure.click)
    assert [facet.partition(": ")[2] for facet in facets] == ([] if label == "All Permits" else [label])


def test_every_kind_of_figure_opens_the_permits_that_it_counts(make_office: MakeOffice, sit_down) -> None:
    office = _synced(make_office)
    desk = sit_down(office.odoo, login="viewer")
    desk.open_app()
    page = desk.page

    cards = page.locator(".o_sicantik_key_figures .o_sicantik_card")
    total, *statuses = _counts(cards)
    assert (total, sum(statuses), statuses[3:]) == (300, 300, [1, 1])
    for key in ("total", "draft", "cancelled"):
        _check_figure(desk, page.locator(f".o_sicantik_key_figures [data-key={key}]"))
    spans = _counts(page.locator(".o_sicantik_timeline .o_sicantik_card"))
    assert (sum(spans), spans[1] > 0) == (298, True)
    for key in ("expired", "today", "later", "none"):
        _check_figure(desk, page.locator(f".o_sicantik_timeline [data-key={key}]"))
    # Some of each kind: the first, and the last ones that are no value of their own.
    for block in (".o_sicantik_types", ".o_sicantik_districts"):
        bars = page.locator(f"{block} .o_sicantik_bar")
        assert sum(_counts(bars)) == 300
        for bar in (bars.first, bars.last):
            _check_figure(desk, bar)

    # Columns by the mouse, the same figures by the keyboard; both ways the choices are there again afterwards.
    page.get_by_role("button", name="Issued", exact=True).click()
    page.get_by_role("button", name="Years", exact=True).click()
    without = page.locator(".o_sicantik_without")
    _open_and_return(desk, int(without.inner_text().split()[0]), without.click)
    expect(page.get_by_role("button", name="Years", exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_text("As a table").click()
    last = page.locator(".o_sicantik_table button").last
    count = _number(last)
    last.focus()
    [facet] = _open_and_return(desk, count, lambda: page.keyboard.press("Enter"))
    assert re.fullmatch(r"Issued: \d{4}", facet)
    assert _open_and_return(desk, count, lambda: _press_last_column(desk)) == [facet]

    # A reload of the list keeps what it lists.
    dashboard = page.url
    page.locator(".o_sicantik_card[data-key=draft]").click()
    drafts = page.locator(".o_pager_limit").inner_text()
    # Odoo writes a page's address a moment after it shows the page.
    expect(page).not_to_have_url(dashboard)
    page.reload()
    expect(page.locator(".o_pager_limit")).to_have_text(drafts)
    assert int(drafts) == statuses[0] > 0

    # Every kind of view has the facet. Another filter joins it; taken away, all permits are there.
    for kind in ("kanban", "calendar", "pivot", "graph", "activity", "list"):
        desk.switch(kind)
        expect(page.locator(".o_searchview_facet")).to_have_text([re.compile("Status: In Process")])
    desk.choose_filter("Active")
    expect(page.locator(".o_data_row")).to_have_count(0)
    page.locator(".o_searchview_facet", has_text="In Process").locator(".o_facet_remove").click()
    expect(page.locator(".o_pager_limit")).to_have_text(str(statuses[1]))
    page.locator(".o_searchview_facet .o_facet_remove").click()
    expect(page.locator(".o_pager_limit")).to_have_text("300")


def _press_last_column(desk: Desk) -> None:
    """Clicks into the right end of the chart, above the axis."""
    canvas = desk.page.locator(".o_sicantik_chart canvas")
    size = canvas.bounding_box()
    assert size
    canvas.click(position={"x": size["width"] - 25, "y": size["height"] / 2})


@pytest.mark.one_version
def test_filters_narrow_every_figure_and_stay(make_office: MakeOffice, sit_down) -> None:
    office = _synced(make_office)
    desk = sit_down(office.odoo, login="viewer")
    desk.open_app()
    page = desk.page
    total = page.locator(".o_sicantik_card[data-key=total] .o_sicantik_count")

    def counted(where: str) -> str:
        return str(office.odoo.sql(f"SELECT count(*) FROM sicantik_permit WHERE {where}")[0]["count"])

    [most] = office.odoo.sql(
        "SELECT extract(year FROM registered_month)::int AS year, district FROM sicantik_permit"
        " WHERE registered_month IS NOT NULL AND district IS NOT NULL GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1"
    )
    in_year = f"extract(year FROM registered_month) = {most['year']}"
    page.select_option("select[name=year]", str(most["year"]))
    expect(total).to_have_text(counted(in_year))
    page.select_option("select[name=district]", most["district"])
    expect(total).to_have_text(counted(f"{in_year} AND district = '{most['district']}'"))
    # Each choice leaves something; the one type of the first choice is chosen, too.
    page.select_option("select[name=type_id]", index=1)
    expect(page.locator(".o_sicantik_types .o_sicantik_bar")).to_have_count(1)
    left = _number(total)
    assert left > 0
    chosen = _open_and_return(desk, left, total.click)
    assert chosen[0] == f"Registered: {most['year']}"
    assert (len(chosen), chosen[2]) == (3, f"District: {most['district']}")
    expect(page.locator("select[name=district]")).to_have_value(most["district"])
    expect(total).to_have_text(str(left))
    desk.picture("61-dashboard-filtered", full_page=True)

    # Meanwhile the last of them goes: the page says so, and how to go on.
    office.odoo.sql("UPDATE sicantik_permit SET district = 'LAIN'")
    page.get_by_role("button", name="Reload Figures").click()
    expect(page.get_by_text("No permit matches these filters")).to_be_visible()
    desk.press("Show All Permits")
    expect(total).to_have_text("300")


def test_from_the_first_day_to_a_run_that_moves(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=300, options=("--detail-ms", "60"))
    office.unhurried(40)
    for login, button in (("viewer", None), ("operator", None), ("admin", "Connect Worker")):
        desk = sit_down(office.odoo, login=login)
        desk.open_app()
        step = desk.page.locator(".o_sicantik_first_step")
        expect(step).to_contain_text("none is connected yet")
        expect(step.get_by_role("button")).to_have_text([button] if button else [])
    desk.picture("62-dashboard-first-day")
    desk.press("Connect Worker")
    expect(desk.page.locator(".modal")).to_contain_text("SICANTIK__ODOO__API_KEY")
    shown = desk.page.get_by_label("Settings of the worker").input_value()
    office.worker.environment |= dict(line.split("=", 1) for line in shown.splitlines())
    office.worker.environment |= {"SICANTIK__ODOO__URL": office.odoo.url, "SICANTIK__SICANTIK__ALLOWED_HOSTS": "127.0.0.1"}
    office.worker.start(**QUICK_LEASE)
    office.wait_until(lambda: office.read_config("worker_state") == "connected", "the worker was heard of")

    desk = sit_down(office.odoo, login="operator")
    desk.open_app()
    desk.picture("63-dashboard-before-the-first-sync")
    desk.page.locator(".o_sicantik_first_step").get_by_role("button", name="Sync Now").click()
    desk.watch_to_its_end("^Done")

    # Nobody touches the page any more; it follows by itself.
    desk.open_app()
    page = desk.page
    expired = page.locator(".o_sicantik_card[data-key=expired] .o_sicantik_count").first
    expect(expired).to_have_text("0")
    run_id = office.order("expiry")
    row = page.locator(f"[data-run='{run_id}']")
    expect(row).to_have_attribute("data-state", "claimed")
    bar = row.locator("[role=progressbar]")
    expect(bar).to_have_attribute("aria-valuenow", re.compile(r"^[1-9]\d?$"))
    desk.picture("64-dashboard-run-under-way")
    early = int(bar.get_attribute("aria-valuenow") or 0)
    page.wait_for_function(
        f"""() => Number(document.querySelector("[data-run='{run_id}'] [role=progressbar]")?.ariaValueNow ?? 100) > {early}"""
    )
    expect(row).to_have_attribute("data-state", "done")
    expect(row).to_contain_text("changed")
    expect(expired).not_to_have_text("0")
    row.click()
    expect(page.locator(".o_form_view .o_sicantik_run_progress")).to_be_visible()


@pytest.mark.one_version
def test_worker_and_rights(make_office: MakeOffice, sit_down) -> None:
    office = _synced(make_office, permits=60)
    office.show_worker_once()
    viewer = sit_down(office.odoo, login="viewer")
    viewer.open_app()
    expect(viewer.page.get_by_role("button", name="Sync Now")).to_have_count(0)
    health = viewer.page.locator(".o_sicantik_health .o_sicantik_row")
    expect(health).to_have_attribute("data-state", "connected")
    office.odoo.sql("UPDATE sicantik_config SET worker_seen = now() AT TIME ZONE 'UTC' - interval '5 minutes'")
    office.odoo.sql("UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC' - interval '1 hour' WHERE interval_type = 'minutes'")
    office.odoo.sql("UPDATE res_users_apikeys SET expiration_date = now() AT TIME ZONE 'UTC' + interval '12 days'")
    viewer.page.get_by_role("button", name="Reload Figures").click()
    expect(health).to_have_attribute("data-state", "silent")
    expect(health).to_contain_text("5 minutes ago")
    # The state, the key, and the schedule: this Odoo runs no scheduled actions.
    expect(health.locator(".o_sicantik_tone_warning")).to_have_count(3)
    viewer.picture("65-dashboard-silent-worker")
    health.click()
    expect(viewer.page.locator(".o_form_view.o_sicantik_config_form, .o_form_view .o_sicantik_config_form")).to_be_visible()

    operator = sit_down(office.odoo, login="operator")
    operator.open_app()
    operator.press("Sync Now")
    operator.page.wait_for_selector(".o_sicantik_run_progress")
    operator.close()

    # Odoo is away: what is shown stays, and says since when it is old.
    viewer.open_app()
    office.odoo.stop()
    viewer.page.get_by_role("button", name="Reload Figures").click()
    expect(viewer.page.locator(".o_sicantik_as_of")).to_contain_text("Not refreshed since")
    expect(viewer.page.locator(".o_sicantik_card[data-key=total] .o_sicantik_count")).to_have_text("60")
    viewer.page.close()
    viewer.errors.clear()  # what the browser says of a server that is not there


@pytest.mark.one_version
def test_it_reads_well_in_indonesian_at_any_width(make_office: MakeOffice, sit_down) -> None:
    office = _synced(make_office, permits=500)
    office.show_worker_once()
    read_indonesian(office.odoo, "operator")
    for width in (1366, 768, 390):
        desk = sit_down(office.odoo, login="operator", width=width)
        desk.visit("/odoo/action-sicantik_connector.sicantik_dashboard_action")
        content = desk.page.locator(".o_sicantik_page")
        expect(content).to_contain_text(re.compile("1.7 Hari"))
        expect(content).to_contain_text("Terhubung")
        overflow = (
            "element => [...element.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth).length"
        )
        assert content.evaluate(overflow) == 0, f"something is cut off at {width} px"
        desk.picture(f"66-dashboard-indonesian-{width}")
        filtering_moves_nothing(desk)
        # The whole page, in a window as high as it is.
        desk.page.set_viewport_size({"width": width, "height": round(content.evaluate("e => e.scrollHeight")) + 250})
        desk.picture(f"67-dashboard-whole-{width}")


def filtering_moves_nothing(desk: Desk) -> None:
    """The button that takes filters back finds room where nothing has to go down for it."""
    where = "card => Math.round(card.getBoundingClientRect().top)"
    total = desk.page.locator(".o_sicantik_card[data-key=total]")
    before = total.evaluate(where)
    desk.page.select_option("select[name=year]", index=1)
    clear = desk.page.get_by_role("button", name="Hapus Penyaring")
    expect(clear).to_be_visible()
    assert total.evaluate(where) == before
    clear.click()
    expect(clear).to_have_count(0)
