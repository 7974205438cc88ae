"""Where Odoo 18 and Odoo 19 differ."""


def members(group):
    """Everybody in the group, also by another group."""
    return group.all_user_ids if "all_user_ids" in group._fields else group.users


def join(group, users):
    """The ``users`` get the group."""
    name = "group_ids" if "group_ids" in users._fields else "groups_id"
    users.write({name: [(4, group.id)]})
