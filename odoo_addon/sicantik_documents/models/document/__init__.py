from . import document
from . import state
from . import arrive
from . import buttons
