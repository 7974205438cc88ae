from . import test_permit_addon
