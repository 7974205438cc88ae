from . import test_approval
from . import test_protection
from . import test_override
