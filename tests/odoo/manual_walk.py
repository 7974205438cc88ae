"""Somebody who goes through a page of the manual, step by step, as the group that the page names.

`docs.steps` reads the page. A step that has no line in the story fails, and so does a line whose step went.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from clerk import STAFF, Clerk, NotShown, Page
from riglib.plugin import CONNECTOR
from riglib.rpc import OdooError
from riglib.server import Odoo
from riglib.session import Rig

import docs

FURNISH = """
from datetime import timedelta
staff = env["res.users"].search([("login", "in", ("viewer", "operator", "manager"))])
staff.write({field: [(4, env.ref("base.group_allow_export").id)]})
config = env["sicantik.config"].search([])
config.api_url = "https://sicantik.example.go.id/api"
permits = env["sicantik.permit"]
contacts = env.ref("sicantik_connector.demo_partner_a") + env.ref("sicantik_connector.demo_partner_c")
nobody = [("partner_id", "=", False), ("proposed_partner_id", "=", False), ("proposed_renewal_id", "=", False)]
holders = permits.search([*nobody, ("status", "=", "active"), ("expiry_date", ">=", config._today())], limit=4)
holders[0].proposed_partner_id = contacts[0]
holders[1].partner_id = contacts[1]
dated = permits.search(
    [("status", "=", "active"), ("issue_date", "!=", False), ("renews_ids", "=", False), ("id", "not in", holders.ids)]
).filtered(lambda permit: not permit.proposed_renewal_id).sorted("issue_date")
dated[0].proposed_renewal_id = dated[-1]
for state, permit in zip(("due", "failed", "unknown", "sent"), [*holders[1:4], holders[1]]):
    env["sicantik.notice"].create({
        **env["sicantik.notice"]._about(permit),
        "config_id": config.id, "company_id": config.company_id.id, "kind": "permit_expiring",
        "event": "expires", "recipient_key": f"partner:{contacts[1].id}", "partner_id": contacts[1].id, "state": state,
        "step": 30 if state == "sent" else 7, "expiry_date": permit.expiry_date,
        "reason_code": state == "failed" and "mail", "channel": "activity" if state == "sent" else "email",
        "date_due": config._today() + timedelta(days=1),
    })
name = "DAFTAR ULANG IZIN TRAYEK ANGKUTAN UMUM"
named = {"name": name, "name_key": name, "config_id": config.id, "company_id": config.company_id.id}
env["sicantik.permit.type"].create(named)
runs = env["sicantik.sync.run"].search([("state", "=", "partial"), ("kind", "=", "all")], limit=1)
config.write({"unlisted_count": 60, "unlisted_run_id": runs.id})
runs.copy({"uuid": "lost", "state": "lost"})
"""
"""Beside the demo data: one more proposal of each kind, notices in four states, a list that was suddenly shorter, one
more type that may be a renewal. People may export, as Odoo lets new ones."""
API_CONFIGURATION = ("SICANTIK", "Configuration", "API Configuration")
EVERYBODY = {
    "viewer": ("everybody", "viewer"),
    "operator": ("operator",),
    "manager": ("manager",),
    "admin": ("administrator",),
    "clerk": ("payment user",),
    "boss": ("payment manager",),
}
"""Logins, and how the manual calls them."""


class Walk:
    """Somebody who goes through a page, step by step."""

    def __init__(self, odoo: Odoo, page: str) -> None:
        self.odoo = odoo
        self.page = docs.DOCS / "en" / page
        self.rest = docs.steps(self.page)
        self._clerks: dict[str, Clerk] = {}

    def clerk(self, login: str) -> Clerk:
        """Who signs in so; once for a page."""
        if login not in self._clerks:
            self._clerks[login] = Clerk(self.odoo, login)
        return self._clerks[login]

    @contextmanager
    def step(self, *labels: str, who: str) -> Iterator[Clerk]:
        """The next step of the page, which names these labels, as somebody whom the page names for it."""
        step = self._next(labels)
        whole = step.section + "".join(line for line in self.page.read_text().splitlines() if line.startswith("For "))
        assert any(word in whole.lower() for word in EVERYBODY[who]), f"{self.page.name} does not say “{who}”: {step.text}"
        try:
            yield self.clerk(who)
        except (OdooError, NotShown) as refused:
            raise AssertionError(f"{self.page.name}, as {who}: {step.text}\n{refused}") from refused

    def outside(self, *labels: str) -> None:
        """A step that is not done in Odoo, or a line that asks nobody to do anything."""
        self._next(labels)

    def _next(self, labels: tuple[str, ...]) -> docs.Step:
        assert self.rest, f"{self.page.name} has no step {labels} any more"
        step = self.rest.pop(0)
        assert step.labels == labels, f"{self.page.name}: no line for the step “{step.text}”: {step.labels}"
        return step


def configuration(clerk: Clerk) -> Page:
    """The page of the office's configuration."""
    return clerk.menu(*API_CONFIGURATION).row(clerk.find("sicantik.config"))


def permit(clerk: Clerk, *domain: tuple) -> Page:
    """The page of the first permit of a kind."""
    page = clerk.menu("SICANTIK", "Permits")
    return page.row(clerk.find("sicantik.permit", *domain))


Story = Callable[[Walk], None]


def page_of(story: Story) -> str:
    """The name of the page that a story goes through."""
    return story.__name__.replace("_", "-") + ".md"


def walk_through(rig: Rig, story: Story, odoo: Odoo | None = None) -> None:
    """Goes through the whole page, on this Odoo or on one of its own with demo data, and discards it."""
    odoo = odoo or rig.odoo(CONNECTOR, demo=True, furnished=STAFF + FURNISH)
    odoo.allow_log("partner-autocomplete|Autocomplete API", "Odoo's own demo company has a web site that Odoo looks up")
    odoo.allow_log("WARNING odoo.http: Only members of the group", "refused on purpose")
    try:
        walk = Walk(odoo, page_of(story))
        story(walk)
        assert not walk.rest, f"{page_of(story)}: nobody does “{walk.rest[0].text}”: {walk.rest[0].labels}"
    finally:
        rig.discard(odoo)
    odoo.check_log()
