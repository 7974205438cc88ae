from . import res_company
from . import res_users
from . import res_partner_consent
from . import res_users_preferences
from . import notice
