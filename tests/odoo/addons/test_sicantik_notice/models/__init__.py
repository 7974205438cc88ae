from . import document
from . import pigeon
from . import res_partner
from . import notice
from . import mail_template
from . import permit
