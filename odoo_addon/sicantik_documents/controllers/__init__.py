from . import streaming
from . import download
from . import upload
