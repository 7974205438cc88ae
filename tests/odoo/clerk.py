"""A person of the office without a browser: sees the menus, pages and buttons that Odoo gives to this person, and no others.

Whatever Odoo refuses is an `OdooError`; what it does not show to the person is a `NotShown`.
"""

import ast
from typing import Any

from lxml import etree
from riglib.server import Odoo

Arch = Any
"""An element of lxml."""
STAFF = """
field = "group_ids" if "group_ids" in env["res.users"]._fields else "groups_id"
for login in ("viewer", "operator", "manager"):
    groups = env.ref("base.group_user") + env.ref("sicantik_connector.group_" + login)
    env["res.users"].create({"name": login, "login": login, "password": login, field: [(6, 0, groups.ids)]})
"""
"""People with each role of the addon; the login is the role and the password, too."""


class NotShown(AssertionError):
    """The person does not have this menu, field, filter or button on the screen."""


class Clerk:
    """Somebody who works with Odoo. The administrator's password is that of a fresh database."""

    def __init__(self, odoo: Odoo, login: str) -> None:
        self.login = login
        self.session = odoo.rpc(login, login)
        self.call = self.session.call

    def menu(self, *labels: str) -> "Page":
        """Opens the page behind a way through the menus, such as `"SICANTIK", "Permits"`."""
        menus = self.call("ir.ui.menu", "load_web_menus", [], False)
        here = menus["root"]
        for label in labels:
            named = [menu for child in here["children"] if (menu := menus[str(child)])["name"] == label]
            if not named:
                raise NotShown(f"{self.login} has no menu {', '.join(labels)}: {label}")
            here = named[0]
        return self.open(here["actionID"])

    def open(self, action: int | str) -> "Page":
        """Opens the page of an action."""
        return Page(self, self.session.ask("/web/action/load", action_id=action))

    def record(self, model: str, record: int) -> "Page":
        """Opens the form of a record."""
        return Page(self, {"type": "ir.actions.act_window", "res_model": model, "views": [(False, "form")], "res_id": record})

    def find(self, model: str, *domain: Any) -> int:
        """The first record of a kind."""
        found = self.call(model, "search", list(domain), limit=1)
        assert found, f"there is no {model} with {domain}"
        return found[0]

    def value(self, model: str, record: int, name: str) -> Any:
        """What the person reads in a field."""
        return self.call(model, "read", [record], [name])[0][name]


class Page:
    """What an action opens: its views as the person gets them, and its records read once."""

    def __init__(self, clerk: Clerk, action: dict[str, Any]) -> None:
        self.clerk = clerk
        self.action = action
        self.model: str = action.get("res_model") or ""
        self.record: int = action.get("res_id") or 0
        self.views: dict[str, Arch] = {}
        self.fields: dict[str, Any] = {}
        if action["type"] == "ir.actions.act_window":
            self._read_views()
            self.look()

    def _read_views(self) -> None:
        wanted = [[view, kind] for view, kind in self.action["views"]]
        search = self.action.get("search_view_id") or [False]
        answer = self.clerk.call(self.model, "get_views", [*wanted, [search[0], "search"]])
        self.views = {kind: etree.fromstring(view["arch"]) for kind, view in answer["views"].items()}
        self.fields = answer["models"][self.model].get("fields", answer["models"][self.model])

    def look(self, *domain: Any) -> list[int]:
        """Reads what the page shows: one record, or those of the list."""
        context = _literal(self.action.get("context"), {})
        shown = {name: {} for arch in self.views.values() for name in _own_fields(arch) if name in self.fields}
        if self.record:
            return [row["id"] for row in self.clerk.call(self.model, "web_read", [self.record], shown)]
        if "list" not in self.views:
            return []
        where = [*_literal(self.action.get("domain"), []), *domain]
        rows = self.clerk.call(self.model, "web_search_read", where, shown, limit=80, context=context)
        return [row["id"] for row in rows["records"]]

    def row(self, record: int) -> "Page":
        """Clicks a row of the list: the form that opens."""
        form = [view for view in self.action["views"] if view[1] == "form"]
        return Page(self.clerk, {**self.action, "views": form, "res_id": record, "domain": False})

    def fresh(self) -> dict[str, Any]:
        """What a new form shows before it is saved."""
        shown = {name: {} for name in _own_fields(self.views["form"])}
        return self.clerk.call(self.model, "onchange", [], {}, [], shown)["value"]

    def has(self, *names: str) -> bool:
        """Whether the form has each of these fields."""
        return all(self.views["form"].xpath(f'//field[@name="{name}"]') for name in names)

    def filter(self, *labels: str) -> None:
        """The filters are there, and Odoo finds what each of them describes."""
        for label in labels:
            [chosen, *_] = self.views["search"].xpath(f'//filter[@string="{label}"]') or [None]
            if chosen is None:
                raise NotShown(f"{self.clerk.login} has no filter {label}")
            self.look(*_literal(chosen.get("domain"), []))

    def shows(self, *labels: str) -> bool:
        """Whether each of the buttons is there."""
        return all(self._buttons(label) for label in labels)

    def _buttons(self, label: str) -> list[Arch]:
        found = [button for arch in self.views.values() for button in arch.xpath(f'//button[@string="{label}"]')]
        stats = [button for arch in self.views.values() for button in arch.xpath(f'//button[field[@string="{label}"]]')]
        return found + stats

    def press(self, label: str, *records: int, of: str = "") -> Any:
        """Presses a button of the page, on its own record or on these; `of`: the model of a row inside.

        Returns the page that opens, or Odoo's answer.
        """
        buttons = self._buttons(label)
        if not buttons:
            raise NotShown(f"{self.clerk.login} has no button {label} of {self.model}")
        chosen = list(records) or [self.record]
        name = buttons[0].get("name")
        context = _literal(self.action.get("context"), {}) | _literal(buttons[0].get("context"), {})
        if buttons[0].get("type") == "object":
            return self._opened(self.clerk.call(of or self.model, name, chosen, context=context))
        action = self.clerk.session.ask("/web/action/load", action_id=int(name))
        if action["type"] == "ir.actions.server":
            about = {"active_model": self.model, "active_ids": list(records)}
            return self._opened(self.clerk.session.ask("/web/action/run", action_id=action["id"], context=about))
        return self._opened(action)

    def _opened(self, answer: Any) -> Any:
        pages = isinstance(answer, dict) and answer.get("type") == "ir.actions.act_window"
        return Page(self.clerk, answer) if pages else answer

    def save(self, **values: Any) -> int:
        """Fills in fields of the form and saves; the record's id, a new one of a dialog."""
        form = self.views["form"]
        for name in values:
            found = form.xpath(f'//field[@name="{name}"]')
            if not found or all(field.get("readonly") in ("1", "True") for field in found):
                raise NotShown(f"{self.clerk.login} cannot fill in {name} of {self.model}")
        new = not self.record
        if form.get("create" if new else "edit") in ("0", "false", "False"):
            raise NotShown(f"{self.clerk.login} cannot save a {self.model}")
        context = _literal(self.action.get("context"), {})
        ids = [] if new else [self.record]
        [saved] = self.clerk.call(self.model, "web_save", ids, values, {}, context=context)
        return saved["id"]

    def finish(self, label: str, **values: Any) -> Any:
        """Fills in a dialog and presses its button."""
        return self.press(label, self.save(**values))


def _own_fields(arch: Arch) -> list[str]:
    """The fields of the view's own model: not those of lists inside."""
    return [field.get("name") for field in arch.iter("field") if not any(up.tag == "field" for up in field.iterancestors())]


def _literal(text: Any, otherwise: Any) -> Any:
    """A domain or context that is written out; what must be computed in a browser counts as `otherwise`."""
    if not isinstance(text, str):
        return text or otherwise
    try:
        return ast.literal_eval(text.strip() or repr(otherwise))
    except ValueError:
        return otherwise
