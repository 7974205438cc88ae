from . import sicantik_document_withdraw
from . import sicantik_document_choose
