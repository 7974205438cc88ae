import ast
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.modules import get_module_path
from odoo.tests import tagged

from ...tools.constants import SYSTEM
from ..common import SicantikCase
from .test_key_end import RENEW_KEYS
from .test_pairing import TestPairing as Pairing

RULES = {"_may_answer", "_whom_to_tell"}
TELLING = {"activity_schedule", "message_notify", "to_one"}


def used(function):
    """The methods that a function uses; ``to_one`` is a call that goes to the browser
    of one person."""
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("_sendone"):
            if "partner" in ast.unparse(node.args[0]):
                yield "to_one"


@tagged("post_install", "-at_install", "sicantik")
class TestWhomToTell(SicantikCase):
    """Whoever is told of something may open it, and is there."""

    pair, user, keys = Pairing.pair, Pairing.user, Pairing.keys

    def setUp(self):
        super().setUp()
        self.nobody = self.env["res.users"]
        self.admin = self.env.ref("base.user_admin")
        self.other = self.another_office()

    def person(self, name, group, **values):
        company = self.other.company_id
        own = {"company_id": company.id, "company_ids": [(6, 0, company.ids)]}
        return self._user(name, group, **{**own, **values})

    def test_the_first_who_may_answer(self):
        mine = self.viewer + self.operator
        self.assertEqual(self.config._whom_to_tell(mine), self.viewer)
        self.viewer.active = False
        self.assertEqual(self.config._whom_to_tell(mine), self.operator)
        self.assertEqual(self.config._whom_to_tell(mine, SYSTEM), self.admin)

    def test_else_the_company_s_own_administrator_or_manager(self):
        mine = self.viewer + self.admin
        self.assertFalse(self.other._whom_to_tell(mine), "nobody is of that company")
        manager = self.person("there", "sicantik_connector.group_manager")
        self.assertEqual(self.other._whom_to_tell(mine), manager)
        self.assertFalse(self.other._whom_to_tell(mine, SYSTEM))
        system = self.person("system", SYSTEM)
        self.assertEqual(self.other._whom_to_tell(mine), system)
        self.assertEqual(self.other._whom_to_tell(mine, SYSTEM), system)
        system.active = False
        self.assertEqual(self.other._whom_to_tell(mine), manager)

    def key_ends(self, days):
        ends = fields.Datetime.now() + timedelta(days=days)
        self.env.cr.execute("UPDATE res_users_apikeys SET expiration_date = %s", [ends])
        self.env.invalidate_all()

    def activity_of_the_end(self):
        return (self.config | self.other).activity_search([RENEW_KEYS])

    def warned(self):
        self.env["sicantik.config"]._cron_housekeeping()
        return self.activity_of_the_end().user_id

    def test_of_the_key_s_end_who_can_renew_it_hears(self):
        self.config.active = False
        self.pair()
        self.key_ends(29)
        self.assertFalse(self.warned(), "none of the company is there to tell")
        self.assertFalse(self.other.api_key_warned)
        first = self.person("first", SYSTEM)
        self.assertEqual(self.warned(), first)
        second = self.person("second", SYSTEM)
        self.assertEqual(self.warned(), first, "once for each key")
        first.active = False
        self.assertEqual(self.warned(), second, "who left renews nothing")
        second.action_archive()
        third = self.person("third", SYSTEM)
        self.assertEqual(
            self.warned(), third, "Odoo deletes the activities of the gone"
        )
        self.activity_of_the_end().with_user(third).action_feedback(feedback="x")
        self.assertFalse(self.warned(), "who knows it is told once")

    def test_the_end_of_a_run_is_told_to_who_may_open_it(self):
        user = self._user("there", "sicantik_connector.group_operator")
        for company in (self.config.company_id, self.other.company_id):
            user.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
            run = self.run_of(self.start("probe"))
            run.user_id = user
            with self.bus() as sent:
                run._close("done")
            told = [to for to, kind, _what in sent if kind == "simple_notification"]
            mine = company == self.config.company_id
            self.assertEqual(told, [user.partner_id] if mine else [])

    def functions(self):
        """``{name of a function: {names of what it uses}}`` of all our addons."""
        addons = self.env["ir.module.module"].search(
            [("name", "=like", "sicantik%"), ("state", "=", "installed")]
        )
        found = {}
        for addon in addons:
            root = Path(get_module_path(addon.name))
            for path in root.rglob("*.py"):
                if path.relative_to(root).parts[0] in ("tests", "migrations"):
                    continue
                source = path.read_text()
                self.assertNotIn("base.user_admin", source, path.name)
                for node in ast.walk(ast.parse(source)):
                    if isinstance(node, ast.FunctionDef):
                        found.setdefault(node.name, set()).update(used(node))
        return found

    def test_whoever_tells_one_person_asks_whom(self):
        functions = self.functions()
        asking = RULES | {name for name, calls in functions.items() if RULES & calls}
        telling = {name: calls for name, calls in functions.items() if calls & TELLING}
        self.assertIn("_warn_of_key_end", telling)
        self.assertIn("_tell_user", telling)
        for name, calls in telling.items():
            self.assertTrue(calls & asking, f"{name} does not ask whom")
