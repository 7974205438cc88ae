from .compat import join, members
from .leave import Leave, leave_of, with_leave

__all__ = ["Leave", "join", "leave_of", "members", "with_leave"]
