from .changes import changes
from .compat import add_constraint, groups_of_payments, join, members
from .leave import Leave, leave_of, with_leave

__all__ = [
    "Leave",
    "add_constraint",
    "changes",
    "groups_of_payments",
    "join",
    "leave_of",
    "members",
    "with_leave",
]
