from . import answer
from . import withdraw
from . import link
