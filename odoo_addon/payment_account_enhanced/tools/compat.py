"""Where Odoo 18 and Odoo 19 differ."""

from odoo import models
from odoo.release import version_info


def add_constraint(class_body, name, definition, message):
    """Declare a table constraint in a model's class body, ``locals()`` of it."""
    if hasattr(models, "Constraint"):
        class_body[f"_{name}"] = models.Constraint(definition, message)
    else:
        constraints = class_body.setdefault("_sql_constraints", [])
        constraints.append((name, definition, message))


def members(group):
    """Everybody in the group, also by another group."""
    return group.all_user_ids if "all_user_ids" in group._fields else group.users


def join(group, users, alone=False):
    """The ``users`` get the group, ``alone`` in place of what they have."""
    name = "group_ids" if "group_ids" in users._fields else "groups_id"
    users.write({name: [(6, 0, group.ids)] if alone else [(4, group.id)]})


def groups_of_payments(lines):
    """The items of each payment where Odoo's wizard makes several: one for an item on
    18, one for an invoice on 19."""
    if version_info[0] < 19:
        return list(lines)
    return list(lines.grouped("move_id").values())
