from . import sicantik_document_withdraw
from . import sicantik_document_choose
from . import sicantik_document_erase
