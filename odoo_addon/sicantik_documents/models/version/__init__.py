from . import version
from . import told
from .version import STAGES
