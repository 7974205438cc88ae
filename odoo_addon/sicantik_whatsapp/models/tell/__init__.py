from . import kinds
from .kinds import CHOSEN, REMINDER
from . import selected
from . import permit
