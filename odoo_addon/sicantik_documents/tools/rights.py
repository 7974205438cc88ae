"""Who may do what with documents."""

from odoo.addons.sicantik_connector.tools.constants import OPERATOR
from odoo.addons.sicantik_connector.tools.rights import require_group


def require_operator(records):
    """AccessError unless the user is an operator who may write these records."""
    refusal = records.env._(
        "Only members of the group SICANTIK / Operator may do this. Ask an "
        "administrator for it."
    )
    require_group(records, OPERATOR, refusal, "write")
