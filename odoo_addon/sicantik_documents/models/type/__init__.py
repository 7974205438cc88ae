from . import document_type
from . import tag
