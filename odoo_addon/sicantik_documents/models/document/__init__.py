from . import document
from . import state
from . import address
from . import arrive
from . import buttons
from .arrive import Parcel
from .buttons import PREVIEW
