from . import template
from . import fill
from . import told
from .told import LOOK
