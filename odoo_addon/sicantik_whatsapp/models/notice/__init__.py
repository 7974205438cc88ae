from . import way
from . import channel
from . import office_hours
from . import content
from . import documents
from . import withdraw
from . import many
from .many import UNTOLD
