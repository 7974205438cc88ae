from . import test_about
from . import test_kinds
from . import test_next_channel
from . import test_outcomes
from . import test_people
