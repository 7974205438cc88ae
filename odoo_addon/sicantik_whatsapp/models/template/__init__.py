from . import template
from . import registration
from . import told
from . import approval
from . import fill
from . import preview
from .told import LOOK
