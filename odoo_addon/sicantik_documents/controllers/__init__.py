from . import download
from . import upload
