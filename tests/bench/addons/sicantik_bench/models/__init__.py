from . import sicantik_permit
