from . import arrival
from . import match
from . import offer
from . import choose
from . import leave
from .match import NUMBERS, index_of
