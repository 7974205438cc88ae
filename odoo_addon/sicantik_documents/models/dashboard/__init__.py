from . import dashboard
from . import inbox
