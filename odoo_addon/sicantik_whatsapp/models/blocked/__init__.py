from . import blocked
from . import obeyed
from . import contact
