from .changes import changes
from .compat import join, members
from .leave import Leave, leave_of, with_leave

__all__ = ["Leave", "changes", "join", "leave_of", "members", "with_leave"]
