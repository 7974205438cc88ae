from . import base_partner_merge
from . import sicantik_contact_address
from . import sicantik_notice_called
from . import sicantik_office
from . import sicantik_whatsapp_consent
