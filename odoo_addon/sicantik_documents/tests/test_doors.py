from unittest.mock import patch

import requests

from odoo.tests import tagged
from odoo.tests.common import _super_send

from odoo.addons.sicantik_connector.tests.doors import table
from odoo.addons.sicantik_connector.tests.doors.door_case import DoorCase

from . import door_table


@tagged("post_install", "-at_install", "sicantik")
class TestDocumentsDoors(DoorCase):
    addon = "sicantik_documents"
    table = door_table.TABLE
    routes = {
        "/sicantik/documents/upload": "user",
        "/sicantik/documents/arrivals/<int:arrival>/<string:name>.pdf": "user",
        "/sicantik/documents/<int:document>/<int:version>/<string:name>.pdf": "user",
    }

    @classmethod
    def records(cls):
        own = table.records(cls)
        return {**own, **door_table.records(cls, own["permit"], cls.config)}

    def setUp(self):
        super().setUp()
        # Odoo's guard against real requests cannot read two time limits; nobody listens
        # at the address of the records.
        self.startPatcher(patch.object(requests.Session, "send", _super_send))

    def test_every_door_has_a_line(self):
        self.assertComplete()

    def test_every_door_opens_for_those_whom_its_line_names(self):
        self.assertDoors()

    def test_nobody_writes_a_field_without_a_line(self):
        self.assertFields()
