from . import kinds
from .kinds import CHOSEN
from . import selected
from . import permit
