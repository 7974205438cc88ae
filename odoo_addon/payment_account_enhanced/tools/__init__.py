from .changes import changes
from .compat import add_constraint, join, members
from .leave import Leave, leave_of, with_leave

__all__ = [
    "Leave",
    "add_constraint",
    "changes",
    "join",
    "leave_of",
    "members",
    "with_leave",
]
