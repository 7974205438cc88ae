from . import sicantik_whatsapp_link
