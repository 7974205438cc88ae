from . import run
from . import lease
from . import order
from . import report
from . import issue
from . import again
from . import unlisted
from . import api_call
