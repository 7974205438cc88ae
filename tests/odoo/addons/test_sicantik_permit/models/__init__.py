from . import test_sicantik_paper
from . import test_sicantik_status_log
from . import test_sicantik_mirror
from . import sicantik_permit
