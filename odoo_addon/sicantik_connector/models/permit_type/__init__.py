from . import permit_type
from . import upsert
from . import merge
from . import renewing
