from . import res_partner
from . import sync_run
from . import account
from . import template
from . import message
from . import notice
