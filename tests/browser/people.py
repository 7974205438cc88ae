"""People with each role of the addon; the login is the role and the password, too."""

PEOPLE = """
field = "group_ids" if "group_ids" in env["res.users"]._fields else "groups_id"
for login in ("viewer", "operator", "manager"):
    groups = env.ref("base.group_user") + env.ref("sicantik_connector.group_" + login)
    env["res.users"].create({"name": login, "login": login, "password": login, field: [(6, 0, groups.ids)]})
"""
