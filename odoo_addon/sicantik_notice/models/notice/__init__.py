from . import notice
from .notice import APPLICANT, GONE_OUT, HANDED_OVER, OFFICIAL, PERMIT
from . import batch
from . import renewed
from .renewed import UNTRUE
from . import due
from .due import CHANGED, EXPIRING
from . import people
from . import kinds
from . import channels
from . import together
from . import email
from . import activity
from .activity import NOTIFY, TELL
from . import called
from . import send
from . import withdraw
from . import outcome
from . import texts
from . import documents
from . import template
from .template import PLAIN
from . import keep
from . import config
from .config import EVENING, FAILED_NOTICES, MORNING, NOTICES, SET_BY_PEOPLE
from . import staff
