from . import dashboard
from . import charts
from . import sync
