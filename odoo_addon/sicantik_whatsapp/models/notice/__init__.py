from . import way
from . import channel
from . import content
from . import documents
from . import withdraw
