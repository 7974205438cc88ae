from . import message
from .message import OPEN, PRICES
from .message import STATES as MESSAGE_STATES
from . import make
from . import ways
from . import claim
from . import report
from . import buttons
from . import keep
from . import archived
from . import many
from . import office_hours
