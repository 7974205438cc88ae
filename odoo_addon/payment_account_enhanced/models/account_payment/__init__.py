from . import approval
from . import waiting
from . import protection
from . import override
from .approval import MANAGER

__all__ = ["MANAGER"]
