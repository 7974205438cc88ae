from odoo.exceptions import AccessError
from odoo.tests import tagged

from . import table
from .door_case import DoorCase
from .lines import spaced


@tagged("post_install", "-at_install", "sicantik")
class TestDoors(DoorCase):
    addon = "sicantik_connector"
    table = table.TABLE
    routes = {
        "/web/export/csv": "user",
        "/web/pivot/export_xlsx": "user",
    }
    # tests/test_landing.py
    elsewhere = frozenset({("ir.http", "session_info")})

    @classmethod
    def records(cls):
        return table.records(cls)

    def test_every_door_has_a_line(self):
        self.assertComplete()

    def test_every_door_opens_for_those_whom_its_line_names(self):
        self.assertDoors()

    def test_nobody_writes_a_field_without_a_line(self):
        self.assertFields()

    def test_not_even_the_superuser_calls_what_is_the_worker_s(self):
        lines = [
            line
            for line in self.lines
            if spaced(line.expected) in ("---+ ---- --", "---0 ---- --")
        ]
        self.assertTrue(lines)
        for person in (self.env.ref("base.user_root"), self.people["administrator"]):
            env = self.env(user=person.id, su=True)
            for line in lines:
                with self.subTest(line.text), self.assertRaises(AccessError):
                    self.walk(env, line)
