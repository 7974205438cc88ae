"""People with each role of the addon; the login is the role and the password, too. And their language."""

PEOPLE = """
field = "group_ids" if "group_ids" in env["res.users"]._fields else "groups_id"
for login in ("viewer", "operator", "manager"):
    groups = env.ref("base.group_user") + env.ref("sicantik_connector.group_" + login)
    env["res.users"].create({"name": login, "login": login, "password": login, field: [(6, 0, groups.ids)]})
"""
INDONESIAN = """
lang = env["res.lang"].with_context(active_test=False).search([("code", "=", "id_ID")])
env["base.language.install"].create({"lang_ids": [(6, 0, lang.ids)]}).lang_install()
env["res.users"].search([("login", "in", ("viewer", "operator", "manager"))]).lang = "id_ID"
"""
"""After it the server is to be restarted, which then serves the texts of the new language."""
