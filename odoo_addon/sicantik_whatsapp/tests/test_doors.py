from odoo.tests import tagged

from odoo.addons.sicantik_connector.tests.doors import table
from odoo.addons.sicantik_connector.tests.doors.door_case import DoorCase

from . import door_table


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappDoors(DoorCase):
    addon = "sicantik_whatsapp"
    table = door_table.TABLE

    @classmethod
    def records(cls):
        own = table.records(cls)
        return {**own, **door_table.records(cls, own["permit"])}

    def test_every_door_has_a_line(self):
        self.assertComplete()

    def test_every_door_opens_for_those_whom_its_line_names(self):
        self.assertDoors()

    def test_nobody_writes_a_field_without_a_line(self):
        self.assertFields()
