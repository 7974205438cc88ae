from . import arrival
from . import match
from . import offer
from . import choose
from .match import NUMBERS, index_of
