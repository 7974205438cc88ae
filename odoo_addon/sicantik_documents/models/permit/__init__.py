from . import permit
from . import ready
