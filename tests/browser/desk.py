"""A person at a browser: opens pages, presses buttons, and keeps a picture of what is seen."""

import re
import time

from parts import TARGET, WAIT_SECONDS
from playwright.sync_api import Browser, Locator, Page
from riglib.server import Odoo

PICTURES = TARGET / "screenshots"
ALLOWED_ERRORS = (
    # Debian's Odoo 19 lacks one optional library of mail; its bundle says so on every page.
    "selfie_segmentation",
    # A person without rights is told so by a dialog; the browser counts the answer as an error, too.
    "favicon",
)
ADDON = "sicantik_connector"
PATIENCE_MS = 90_000
"""What has not come by then has hung: four browsers may share two cores with whatever else the machine does."""
_REMEMBER_NOTIFICATIONS = """
window.seenNotifications = [];
new MutationObserver(changes => {
  for (const change of changes) for (const node of change.addedNodes) {
    if (node.nodeType !== 1) continue;
    const found = node.matches(".o_notification") ? [node] : node.querySelectorAll(".o_notification");
    for (const notification of found) window.seenNotifications.push(notification.innerText);
  }
}).observe(document, { childList: true, subtree: true });
"""
"""A notification goes away by itself after four seconds; what was seen once counts."""

_LEAVE = "document.querySelectorAll('.o_action_manager > *, .o_dialog').forEach(page => { page.dataset.left = ''; })"
_VISIT = f"""path => {{
  {_LEAVE};
  window.seenNotifications = [];
  history.pushState({{}}, "", path);
  window.dispatchEvent(new PopStateEvent("popstate", {{ state: {{}} }}));
}}"""

_SLOW_FRAMES = """
window.requestAnimationFrame = draw => setTimeout(() => draw(performance.now()), 300);
window.cancelAnimationFrame = clearTimeout;
"""


class Desk:
    """One signed-in user in a browser window of their own."""

    def __init__(
        self, browser: Browser, odoo: Odoo, series: str, *, pictures: bool = False,
        login: str = "admin", width: int = 1366, anew: bool = False, slow: bool = False, host: str = "",
    ) -> None:  # fmt: skip
        """`pictures`: whether any are kept. `slow`: the computer draws three frames a second. `host`: another name of the
        server's, by which the browser finds it.

        `anew`: each page is loaded anew, for pictures: the bar at the top is then as wide as its window, and up to date.
        """
        self.series = series
        self.pictures, self._anew = pictures, anew
        self.odoo = odoo
        size = {"width": width, "height": 844 if width < 500 else 860}
        url = odoo.url.replace("127.0.0.1", host) if host else odoo.url
        self._context = browser.new_context(base_url=url, viewport=size, locale="id-ID", timezone_id="Asia/Jakarta")
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.add_init_script(_REMEMBER_NOTIFICATIONS)
        if slow:
            self.page.add_init_script(_SLOW_FRAMES)
        self.errors: list[str] = []
        self.page.on("console", lambda message: self._note(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self._note(str(error)))
        # Odoo's own tour guide would open a chat in the middle of the work, over the whole screen of a phone.
        odoo.sql("UPDATE res_users SET odoobot_state = 'disabled'")
        # Without the page of signing in, whose scripts and styles are others than those of all pages after it.
        signed_in = f"{odoo.url}/web/session/authenticate"
        self._context.request.post(signed_in, data=_credentials(odoo, login), fail_on_status_code=True)
        cookies = self._context.cookies(odoo.url)
        self._context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": url} for cookie in cookies])
        self.page.goto("/odoo")
        # Before the first page is there, it could be taken for the one that is asked for next.
        self.page.wait_for_selector(".o_action_manager > *", state="attached")

    def _note(self, text: str) -> None:
        if not any(allowed in text for allowed in ALLOWED_ERRORS):
            self.errors.append(text)

    def open(self, action: str) -> None:
        """Opens an action by its external id; without an addon it is the connector's."""
        self.visit(f"/odoo/action-{_full(action)}")

    def open_record(self, action: str, record: int) -> None:
        """Opens one record of an action in its form."""
        self.visit(f"/odoo/action-{_full(action)}/{record}")
        self.page.wait_for_selector(".o_form_view")

    def visit(self, path: str) -> None:
        """Opens a page by its address, as the browser's back button does: the web client stays, and asks for all data."""
        if self._anew:
            self.page.goto(path)
        else:
            self.page.evaluate(_VISIT, path)
        self._see_new_page()

    def open_app(self) -> None:
        """Opens SICANTIK from the apps, as a person does; the dashboard is its first page."""
        if self._anew or self.page.locator(".o_dialog").count():
            self.page.goto("/odoo")
        self.page.click("button[title='Home Menu'], .o_navbar_apps_menu button")
        self.page.evaluate(_LEAVE)
        # In the app itself its name stands at the left, too.
        self.page.get_by_role("menuitem", name="SICANTIK").last.click()
        self.page.wait_for_selector(".o_action_manager > :not([data-left]) .o_sicantik_page")

    def menu(self, *labels: str) -> None:
        """Goes through the menus of the app, until the new page or dialog is there."""
        self.page.evaluate(_LEAVE)
        for number, label in enumerate(labels):
            # In the menu that opens with the first one: the bar above may have a menu of the same name.
            where = ".o-dropdown--menu" if number else ".o_main_navbar, .o-dropdown--menu"
            self.page.locator(where).get_by_text(label, exact=True).last.click()
        self._see_new_page()

    def _see_new_page(self) -> None:
        new = ".o_action_manager > :not([data-left])"
        self.page.wait_for_selector(f"{new}.o_view_controller, {new} .o_sicantik_page, .o_dialog:not([data-left]) .o_form_view")

    def open_configuration(self) -> None:
        """Opens the form of the one configuration."""
        self.open("sicantik_config_action")
        if self.page.locator(".o_list_view").count():
            self.page.locator(".o_data_row").first.locator("td.o_data_cell").first.click()
        self.page.wait_for_selector(".o_form_view")

    def switch(self, kind: str) -> None:
        """Shows the same records in another kind of view."""
        self.page.locator(f".o_cp_switch_buttons .o_switch_view.o_{kind}").click()
        self.page.wait_for_selector(f".o_{kind}_view, .o_{kind}_renderer, .o_{kind}_controller")

    def search(self, words: str, field: str = "") -> None:
        """Types into the search bar and takes `field` from what it offers, or with Enter the first one."""
        # What it offers comes with each key.
        self.page.locator(".o_searchview_input").press_sequentially(words)
        if field:
            self.page.locator(".o_searchview_autocomplete .dropdown-item", has_text=field).first.click()
        else:
            self.page.keyboard.press("Enter")

    def choose_filter(self, label: str, *, picture: str = "") -> None:
        """Takes a filter from the menu of the search bar, after a look at the menu."""
        self._choose(".o_filter_menu", label, picture)

    def group_by(self, label: str) -> None:
        """Takes a way to group from the menu of the search bar."""
        self._choose(".o_group_by_menu", label)

    def _choose(self, menu: str, label: str, picture: str = "") -> None:
        self.page.locator(".o_searchview_dropdown_toggler").click()
        choice = self.page.locator(menu).get_by_role("menuitemcheckbox", name=label, exact=True)
        choice.wait_for()
        if picture:
            self.picture(picture)
        choice.click()
        self.page.keyboard.press("Escape")

    def watch_to_its_end(self, words: str) -> list[int]:
        """The widths of the progress bar that a person sees until the run's state says `words`."""
        seen: list[int] = []
        state = self.page.locator(".o_statusbar_status .o_arrow_button_current")
        limit = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < limit:
            bar = self.page.locator(".o_sicantik_run_progress .progress-bar")
            if bar.count():
                width = round(float(bar.first.evaluate("bar => parseFloat(bar.style.width)")))
                if not seen or seen[-1] != width:
                    seen.append(width)
            if state.count() and re.search(words, state.first.inner_text()):
                return seen
            self.page.wait_for_timeout(100)
        said = self.page.locator(".o_form_view").first.inner_text()
        raise AssertionError(f"the run did not end on the page; the bar showed {seen}, the page says:\n{said}")

    def button(self, label: str) -> Locator:
        """The visible button with these words."""
        # An icon before the words belongs to the name of a button, too.
        return self.page.get_by_role("button", name=re.compile(f"(^|\\s){re.escape(label)}$")).locator("visible=true").first

    def press(self, label: str) -> None:
        self.button(label).click()

    def expect_notification(self, words: str) -> None:
        """Waits until a notification with these words was shown since the page was opened."""
        limit = time.monotonic() + PATIENCE_MS / 1000
        while True:
            seen = self.page.evaluate("window.seenNotifications")
            if any(re.search(words, text) for text in seen):
                return
            assert time.monotonic() < limit, f"no notification says {words!r}: {seen}"
            self.page.wait_for_timeout(100)

    def picture(self, name: str, *, full_page: bool = False) -> None:
        """Keeps a picture of the page under target/screenshots, where pictures are asked for."""
        if not self.pictures:
            return
        folder = PICTURES / f"odoo-{self.series}"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        self.page.screenshot(path=path, full_page=full_page)

    def close(self) -> None:
        """Ends; an error in the browser's console fails the test."""
        self._context.close()
        assert self.errors == []


def _credentials(odoo: Odoo, login: str) -> dict[str, object]:
    return {"jsonrpc": "2.0", "params": {"db": odoo.database, "login": login, "password": login}}


def _full(action: str) -> str:
    return action if "." in action else f"{ADDON}.{action}"
