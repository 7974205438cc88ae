from . import settings
from . import worker
from . import waiting
from . import inbox
