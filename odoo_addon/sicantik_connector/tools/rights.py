"""Who may press a button, and of what: its groups and its page only hide it, anybody
can call its method."""

from functools import wraps

from odoo.exceptions import AccessError


def require_group(records, group, refusal, operation="read"):
    """AccessError with ``refusal`` unless the user is of ``group``, and Odoo's own one
    unless the user may do ``operation`` with ``records``."""
    if not (records.env.su or records.env.user.has_group(group)):
        raise AccessError(refusal)
    records.check_access(operation)


def nothing_for_none(button):
    """Decorate the method of a button that needs a record: without one it does nothing.

    AccessError for who may not read the model.
    """

    @wraps(button)
    def press(self, *args, **kwargs):
        if self:
            return button(self, *args, **kwargs)
        self.check_access("read")
        return False

    return press
