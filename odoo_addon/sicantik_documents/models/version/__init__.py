from . import version
from .version import STAGES
