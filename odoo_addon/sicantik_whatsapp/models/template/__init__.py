from . import template
from . import fill
