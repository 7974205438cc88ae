from . import sicantik_whatsapp_link
from . import sicantik_whatsapp_tell
