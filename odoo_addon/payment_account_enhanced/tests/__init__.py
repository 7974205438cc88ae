from . import test_access
from . import test_approval
from . import test_edges
from . import test_override
from . import test_protection
from . import test_register
from . import test_voucher
