from . import config
from . import settings
from . import status
from . import actions
from . import worker
from . import people
from . import keys
from . import schedule
