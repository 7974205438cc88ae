"""The pictures of the manual: an office that has something to show, and the pages as a reader sees them."""

import re
from pathlib import Path

from desk import PICTURES, Desk
from playwright.sync_api import FloatRect, Locator, expect
from riglib.server import Odoo

FOLDER = PICTURES / "manual"
"""From here `rig.py pictures` takes them into docs/images."""
SCREEN = {"width": 1366, "height": 760}
PHONE = {"width": 390, "height": 760}
LANGUAGES = {"id": "id_ID", "en": "en_US"}
ADDRESS = "https://sicantik.example.go.id/api"
_OFFICE = """
people = {{"admin": "Administrator", "operator": "Petugas Contoh", "manager": "Manajer Contoh"}}
for login, name in people.items():
    env["res.users"].search([("login", "=", login)]).write({{"lang": {code!r}, "name": name}})
env.company.name = "DPMPTSP Kabupaten Contoh"
"""
MARGIN = 16
"""Pixels around a part of a page."""
_CALM = ".o_notification_manager, ::-webkit-scrollbar { display: none } ::selection { background: transparent; color: inherit }"
"""A notification belongs to what was done before, a selection to what comes next."""
_SETTLED = """async () => {
  await document.fonts.ready;
  const moving = document.getAnimations().some(animation => animation.effect?.getTiming().iterations !== Infinity);
  return !moving && !document.querySelector(".o_loading_indicator, .o_view_sample_data");
}"""
_HIDE_KEYS = r"text => text.value = text.value.replace(/(_KEY=).*/g, '$1••••••••••••••••')"


def furnish(odoo: Odoo, language: str) -> None:
    """People with names, who read this language."""
    odoo.shell(_OFFICE.format(code=LANGUAGES[language]))


class Album:
    """Pictures of one language, taken at one desk."""

    def __init__(self, desk: Desk, language: str) -> None:
        self.desk, self.page, self.language = desk, desk.page, language
        self.folder: Path = FOLDER / language
        self.folder.mkdir(parents=True, exist_ok=True)
        self.page.set_viewport_size(SCREEN)

    def keep(self, name: str, part: Locator | None = None, *, height: int = SCREEN["height"]) -> None:
        """A picture of what is seen, or of a part of it, when nothing moves any more; kept where pictures are asked for."""
        size = self.page.viewport_size or SCREEN
        self.page.set_viewport_size({"width": size["width"], "height": height})
        self.page.mouse.move(0, 0)
        self.page.wait_for_function(_SETTLED)
        area = self._area_of(part) if part else None
        if self.desk.pictures:
            path = self.folder / f"{name}.png"
            self.page.screenshot(path=path, clip=area, animations="disabled", style=_CALM)
        self.page.set_viewport_size(size)

    def _area_of(self, part: Locator) -> FloatRect:
        """The part with a margin, as far as it is on the screen."""
        part.evaluate("part => part.scrollIntoView({ block: 'center' })")
        box, size = part.bounding_box(), self.page.viewport_size
        assert box
        assert size
        left, top = max(box["x"] - MARGIN, 0), max(box["y"] - MARGIN, 0)
        right = min(box["x"] + box["width"] + MARGIN, size["width"])
        bottom = min(box["y"] + box["height"] + MARGIN, size["height"])
        return {"x": left, "y": top, "width": right - left, "height": bottom - top}

    def keep_dialog(self, name: str) -> None:
        """A picture of the dialog that is open."""
        dialog = self.page.locator(".modal-content").last
        expect(dialog).to_be_visible()
        self.keep(name, dialog)

    def press(self, method: str) -> None:
        """Presses the button by what it does: its words are another language's, too."""
        self.page.locator(f"button[name={method}]:visible").first.click()

    def close_dialog(self) -> None:
        self.page.locator(".modal footer .btn-secondary, .modal .btn-close").locator("visible=true").last.click()
        self.page.wait_for_selector(".modal", state="detached")

    def read_settings(self) -> dict[str, str]:
        """The settings in the dialog of Connect Worker; on the picture the keys are dots."""
        text = self.page.locator(".o_sicantik_pairing textarea")
        settings = dict(line.split("=", 1) for line in text.input_value().splitlines() if re.match("[A-Z_]+=", line))
        text.evaluate(_HIDE_KEYS)
        return settings
