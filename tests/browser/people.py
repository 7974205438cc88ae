"""The people of an office in a browser, and their language."""

from clerk import STAFF as ROLES
from riglib.server import Odoo

STAFF = (
    ROLES
    + """
lang = env["res.lang"].with_context(active_test=False).search([("code", "=", "id_ID")])
env["base.language.install"].create({"lang_ids": [(6, 0, lang.ids)]}).lang_install()
"""
)
"""What every office of a browser test has: people, who read English, and Indonesian for who wants it."""


def read_indonesian(odoo: Odoo, *logins: str) -> None:
    """These people read Indonesian from now on."""
    admin = odoo.rpc()
    people = admin.call("res.users", "search", [("login", "in", logins)])
    admin.call("res.users", "write", people, {"lang": "id_ID"})
