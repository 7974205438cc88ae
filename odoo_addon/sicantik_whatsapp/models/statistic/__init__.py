from . import messages
from . import answers
