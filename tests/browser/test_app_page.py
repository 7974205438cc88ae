"""The addon's page for Odoo's Apps: as its README says, and as a browser shows the file itself."""

import app_pages
import pytest
from desk import PICTURES
from parts import REPOSITORY
from playwright.sync_api import Browser

INDEX = REPOSITORY / "odoo_addon/sicantik_connector/static/description/index.html"


def test_the_page_is_as_its_readme_says() -> None:
    assert app_pages.main(["--check"]) == 0


@pytest.mark.parametrize("width", [1366, 390])
def test_the_page_fits_and_needs_nobody_else(browser: Browser, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 860})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(INDEX.as_uri())
    assert len(asked) == 4
    assert all(url.startswith(INDEX.parent.as_uri()) for url in asked)
    assert page.locator("img").evaluate_all("images => images.map(image => image.naturalWidth)") == [960] * 3
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"app-page-{width}.png", full_page=True)
    context.close()
