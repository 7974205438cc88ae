"""The one place where Odoo 18 and Odoo 19 differ; nothing else asks for the version."""

from odoo import models
from odoo.release import version_info

IS_19 = version_info[0] >= 19

# Field of res.users that holds the groups given directly.
USER_GROUPS_FIELD = "group_ids" if IS_19 else "groups_id"

# Field of ir.ui.menu that holds the groups that see it.
MENU_GROUPS_FIELD = "group_ids" if IS_19 else "groups_id"

# Fields of res.partner that hold a telephone number.
PARTNER_PHONES = ("phone",) if IS_19 else ("phone", "mobile")

# Whether web_read_group reads the records of open groups as well; else each is a list
# of its own.
OPEN_GROUPS_BRING_RECORDS = IS_19

try:
    from odoo.exceptions import ConcurrencyError
except ImportError:  # Odoo 18 retries on database errors only
    ConcurrencyError = None


def add_constraint(class_body, name, definition, message):
    """Declare a table constraint inside a model's class body.

    ``class_body`` is ``locals()`` of the class; the constraint's name in the
    database is ``<table>_<name>`` in both versions, so that an upgrade from 18 to
    19 finds it.
    """
    if hasattr(models, "Constraint"):
        class_body[f"_{name}"] = models.Constraint(definition, message)
    else:
        class_body.setdefault("_sql_constraints", []).append(
            (name, definition, message)
        )


def classify_groups(env, category, groups):
    """Show ``groups`` as one choice of ``category`` on the user form.

    18 knows ``res.groups.category_id``; 19 has a privilege in between, which is
    recorded under the addon's name so that it goes when the addon goes.
    """
    if "category_id" in groups._fields:
        groups.write({"category_id": category.id})
        return
    privilege = env["res.groups.privilege"]._load_records(
        [
            {
                "xml_id": "sicantik_connector.privilege_sicantik",
                "values": {"name": category.name, "category_id": category.id},
                "noupdate": False,
            }
        ]
    )
    groups.write({"privilege_id": privilege.id})


def body_of(httprequest):
    """The stream of a request's body, which nobody has read: Odoo's wrapper around the
    request shows only the whole body."""
    return vars(httprequest)["_HTTPRequest__wrapped"].stream


def asks_for_true(name, operator, value):
    """Whether a search by the Boolean ``name`` asks for those that have it; Odoo 19
    asks with ``in`` where Odoo 18 asks with ``=``. NotImplementedError."""
    if operator not in ("=", "!=", "in", "not in"):
        raise NotImplementedError(f"{name} {operator}")
    asked = True in value if operator.endswith("in") else bool(value)
    return asked == (operator in ("=", "in"))
