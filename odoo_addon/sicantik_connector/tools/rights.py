"""Who may press a button: its groups only hide it, anybody can call its method."""

from odoo.exceptions import AccessError


def require_group(records, group, refusal, operation="read"):
    """AccessError with ``refusal`` unless the user is of ``group``, and Odoo's own one
    unless the user may do ``operation`` with ``records``."""
    if not (records.env.su or records.env.user.has_group(group)):
        raise AccessError(refusal)
    records.check_access(operation)
