from . import base_partner_merge
from . import sicantik_office
from . import sicantik_whatsapp_consent
