from . import base_partner_merge
from . import sicantik_data_quality
from . import sicantik_expiry_sync
from . import sicantik_permit_cancel
from . import sicantik_permit_renewal
from . import sicantik_permit_type_merge
