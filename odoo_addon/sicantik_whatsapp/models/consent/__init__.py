from . import answer
from .answer import DECIDE
from . import withdraw
from . import link
