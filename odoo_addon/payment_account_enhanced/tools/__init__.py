from .changes import changes
from .compat import add_constraint, groups_of_payments, join, members
from .leave import current_leave, leave_for

__all__ = [
    "add_constraint",
    "changes",
    "current_leave",
    "groups_of_payments",
    "join",
    "leave_for",
    "members",
]
