from . import ir_http
from . import res_partner
from . import type
from . import config
from . import document
from . import version
from . import upload
from . import permit
