from . import approval
from . import waiting
from . import protection
from . import override
from . import voucher
from .approval import MANAGER
from .voucher import VOUCHER

__all__ = ["MANAGER", "VOUCHER"]
