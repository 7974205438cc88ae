from . import upload
from . import sent
