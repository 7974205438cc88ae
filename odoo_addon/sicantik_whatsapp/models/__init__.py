from . import res_partner
from . import sync_run
from . import account
from . import event
from . import template
from . import message
from . import notice
from . import consent
