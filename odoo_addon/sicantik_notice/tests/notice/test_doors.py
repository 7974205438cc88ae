from odoo.tests import tagged

from odoo.addons.sicantik_connector.tests.doors import table
from odoo.addons.sicantik_connector.tests.doors.door_case import DoorCase, EveryDoor

from . import door_table


@tagged("post_install", "-at_install", "sicantik")
class TestNoticeDoors(EveryDoor, DoorCase):
    addon = "sicantik_notice"
    table = door_table.TABLE

    @classmethod
    def records(cls):
        own = table.records(cls)
        return {**own, **door_table.records(cls, own["permit"])}
