from . import document
from . import state
from . import address
from . import arrive
from . import buttons
from . import erase
from .arrive import Parcel
