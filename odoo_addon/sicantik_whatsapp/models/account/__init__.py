from . import account
from . import settings
from . import reported
from . import hear
from . import sealed
from . import test_notification
