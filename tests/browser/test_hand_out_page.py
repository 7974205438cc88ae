"""A document's public address as an operator copies it, a stranger opens it, and it is taken back; on a telephone, too."""

import re
from collections.abc import Iterator

import papers
import pytest
from access import complaints
from counter import Counter, pdf
from offices import MakeOffice
from people import STAFF, read_indonesian
from playwright.sync_api import expect
from riglib import processes
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig

ADDRESS = re.compile(r"http://\S+/documents/[\w-]{43}")


@pytest.fixture
def odoo(rig: Rig) -> Iterator[Odoo]:
    """An office that keeps documents."""
    yield from served(rig, "sicantik_documents", furnished=STAFF)


@pytest.mark.parametrize("width", [1366, pytest.param(390, marks=pytest.mark.one_version)])
def test_an_address_is_copied_and_taken_back(make_office: MakeOffice, sit_down, width: int) -> None:
    office = make_office(permits=5)
    listen = f"127.0.0.1:{processes.free_port()}"
    office.worker.environment |= {"SICANTIK__PUBLIC__LISTEN": listen, "SICANTIK__PUBLIC__ADDRESS": f"http://{listen}"}
    papers.begin(office)
    active = [("status", "=", "active"), ("permit_type_id", "!=", False)]
    [permit] = office.admin.call("sicantik.permit", "search_read", active, ["permit_type_id"], limit=1)
    document = Counter(office.admin).upload(pdf("SURAT IZIN"), permit=permit["id"], name="surat izin.pdf")["document"]
    office.admin.call("sicantik.document", "action_ready", [document])
    kind = permit["permit_type_id"][0]
    read_indonesian(office.odoo, "manager")
    manager = sit_down(office.odoo, login="manager", width=width)
    manager.open_record("sicantik_permit_type_action", kind)
    manager.page.locator("button[name=action_publish_documents]").click()
    manager.page.locator(".modal footer .btn-primary").click()
    expect(manager.page.locator("button[name=action_stop_publishing]")).to_be_visible()
    manager.picture(f"99-publish-{width}")

    read_indonesian(office.odoo, "operator")
    desk = sit_down(office.odoo, login="operator", width=width)
    desk.open_record(papers.ACTION, document)
    copy = desk.page.locator("button[name=action_public_address]")
    copy.wait_for()
    assert [found for found in complaints(desk, "the form") if "o_form_label" not in found] == []
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
    desk.picture(f"99-public-address-{width}")
    copy.click()
    said = desk.page.locator(".o_notification", has_text="/documents/")
    expect(said).to_be_visible()
    found = ADDRESS.search(said.inner_text())
    assert found
    address = found[0]
    expect(said).to_have_css("opacity", "1")
    desk.picture(f"99-address-copied-{width}")
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= width

    browser = desk.page.context.browser
    assert browser
    visitor = browser.new_page(viewport={"width": width, "height": 800})
    answer = visitor.request.get(address)
    assert (answer.status, answer.body()) == (200, pdf("SURAT IZIN"))
    said.locator(".o_notification_close").click()
    desk.page.locator("button[name=action_take_back_address]").click()
    desk.page.locator(".modal footer .btn-primary").click()
    expect(desk.page.locator("button[name=action_public_address]")).to_be_hidden()
    desk.picture(f"99-taken-back-{width}")
    gone = visitor.goto(address)
    assert gone
    assert gone.status == 404
    expect(visitor.locator("h1")).to_have_text("Dokumen tidak ditemukan")
    assert visitor.evaluate("document.documentElement.scrollWidth") <= width
    visitor.close()
