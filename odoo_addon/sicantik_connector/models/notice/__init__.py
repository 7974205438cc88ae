from . import notice
from . import due
from . import channels
from . import send
from . import texts
from . import template
from . import keep
from . import config
