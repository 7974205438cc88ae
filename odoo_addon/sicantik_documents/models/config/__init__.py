from . import settings
from . import worker
from . import waiting
from . import inbox
from . import erase
from .erase import ERASE, ON_ITS_WAY
