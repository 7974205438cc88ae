from . import permit_type
