from . import sicantik_expiry_sync
