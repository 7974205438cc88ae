from . import settings
from . import worker
from . import waiting
from . import inbox
from . import erase
from .erase import AGAIN, ERASE, ON_ITS_WAY
