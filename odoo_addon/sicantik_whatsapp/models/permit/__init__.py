from . import permit
