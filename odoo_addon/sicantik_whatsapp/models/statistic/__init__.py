from . import messages
from .messages import LOST
from . import answers
