"""People with each role of the addon; the login is the role and the password, too. And their language."""

from riglib.server import Odoo

STAFF = """
field = "group_ids" if "group_ids" in env["res.users"]._fields else "groups_id"
for login in ("viewer", "operator", "manager"):
    groups = env.ref("base.group_user") + env.ref("sicantik_connector.group_" + login)
    env["res.users"].create({"name": login, "login": login, "password": login, field: [(6, 0, groups.ids)]})
lang = env["res.lang"].with_context(active_test=False).search([("code", "=", "id_ID")])
env["base.language.install"].create({"lang_ids": [(6, 0, lang.ids)]}).lang_install()
"""
"""What every office of a browser test has: people, who read English, and Indonesian for who wants it."""


def read_indonesian(odoo: Odoo, *logins: str) -> None:
    """These people read Indonesian from now on."""
    admin = odoo.rpc()
    people = admin.call("res.users", "search", [("login", "in", logins)])
    admin.call("res.users", "write", people, {"lang": "id_ID"})
