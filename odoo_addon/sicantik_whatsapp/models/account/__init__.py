from . import account
from . import settings
from . import reported
from . import test_notification
