from . import account
from . import labels
from . import settings
from . import reported
from . import checked
from . import hear
from . import sealed
from . import test_notification
