from datetime import datetime, timedelta

from odoo.exceptions import AccessDenied, AccessError
from odoo.tests import tagged

from ...tools import compat
from ...tools.constants import API_KEY_NAME, WORKER_LOGIN
from ..common import SicantikCase


@tagged("post_install", "-at_install", "sicantik")
class TestPairing(SicantikCase):
    def pair(self):
        """The lines shown, as a dict."""
        admin = self.env.ref("base.user_admin")
        action = self.config.with_user(admin).action_pair_worker()
        self.assertEqual(action["type"], "ir.actions.client")
        self.assertEqual(action["tag"], "sicantik_connector.pairing")
        self.assertEqual(action["target"], "new")
        self.env.flush_all()
        lines = action["params"]["env"].splitlines()
        return dict(line.split("=", 1) for line in lines)

    def user(self):
        users = self.env["res.users"].with_context(active_test=False)
        return users.search([("login", "=", WORKER_LOGIN)])

    def keys(self):
        keys = self.env["res.users.apikeys"].sudo()
        return keys.search([("user_id", "=", self.user().id)])

    def uid_of(self, key):
        """Who signs in with an API key."""
        keys = self.env["res.users.apikeys"]
        return keys._check_credentials(scope="rpc", key=key)

    def test_only_system_administrators_pair(self):
        for user in (self.viewer, self.operator, self.manager, self.worker):
            with self.assertRaises(AccessError):
                self.config.with_user(user).action_pair_worker()
        self.assertFalse(self.user())

    def test_the_lines_are_all_the_worker_needs(self):
        lines = self.pair()
        parameters = self.env["ir.config_parameter"].sudo()
        expected = {
            "SICANTIK__ODOO__URL": parameters.get_param("web.base.url"),
            "SICANTIK__ODOO__DATABASE": self.env.cr.dbname,
            "SICANTIK__ODOO__DATABASE_UUID": parameters.get_param("database.uuid"),
            "SICANTIK__ODOO__LOGIN": WORKER_LOGIN,
        }
        secrets = {"SICANTIK__ODOO__API_KEY", "SICANTIK__HOOK__KEY"}
        self.assertEqual(set(lines), expected.keys() | secrets)
        self.assertEqual({k: lines[k] for k in expected}, expected)
        self.assertEqual(self.uid_of(lines["SICANTIK__ODOO__API_KEY"]), self.user().id)
        hook_key = lines["SICANTIK__HOOK__KEY"]
        self.assertEqual(self.config.worker_hook_key, hook_key)
        self.assertRegex(hook_key, "^[0-9a-f]{64}$")

    def test_the_user_is_internal_and_only_a_worker(self):
        self.pair()
        user = self.user()
        self.assertFalse(user.share)
        self.assertEqual(
            user[compat.USER_GROUPS_FIELD] & self.env.ref("base.group_system"),
            self.env["res.groups"],
        )
        self.assertTrue(user.has_group("sicantik_connector.group_sicantik_worker"))
        self.assertFalse(user.has_group("sicantik_connector.group_viewer"))
        self.assertFalse(user.has_group("base.group_partner_manager"))
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [user.id])
        self.assertFalse(self.env.cr.fetchone()[0])
        with self.assertRaises(AccessDenied):
            user.with_user(user)._check_credentials(
                {"type": "password", "password": "x"}, {"interactive": False}
            )

    def test_the_key_lasts_a_year(self):
        self.pair()
        left = self.keys().expiration_date - datetime.now()
        self.assertGreater(left, timedelta(days=364))
        self.assertLess(left, timedelta(days=366))
        self.assertEqual(self.keys().scope, "rpc")

    def test_pairing_again_ends_the_earlier_keys(self):
        old = self.pair()
        own = self.env["res.users.apikeys"].with_user(self.user()).sudo()
        other = own._generate("rpc", "another", datetime.now() + timedelta(days=1))
        new = self.pair()
        self.assertNotEqual(old["SICANTIK__HOOK__KEY"], new["SICANTIK__HOOK__KEY"])
        self.assertFalse(self.uid_of(old["SICANTIK__ODOO__API_KEY"]))
        self.assertTrue(self.uid_of(new["SICANTIK__ODOO__API_KEY"]))
        self.assertTrue(self.uid_of(other), "only keys of our name are revoked")
        self.assertEqual(len(self.user()), 1)
        named = self.keys().filtered(lambda key: key.name == API_KEY_NAME)
        self.assertEqual(len(named), 1)

    def test_a_private_address_of_sicantik_is_told_to_the_worker(self):
        for url, host in (
            ("http://127.0.0.1:8080/api", "127.0.0.1"),
            ("http://localhost/api", "localhost"),
            ("https://192.168.1.20/api", "192.168.1.20"),
            ("http://[fd00::7]/api", "fd00::7"),
            ("http://172.32.0.1/api", None),
            ("https://localhost.example.test/api", None),
        ):
            with self.subTest(url=url):
                self.config.api_url = url
                lines = self.pair()
                self.assertEqual(
                    lines.get("SICANTIK__SICANTIK__ALLOWED_HOSTS"), host, lines.keys()
                )

    def test_a_changed_user_is_put_right(self):
        self.pair()
        user = self.user()
        groups = self.env.ref("base.group_system")
        user.write({"active": False, compat.USER_GROUPS_FIELD: [(4, groups.id)]})
        self.pair()
        self.assertTrue(user.active)
        self.assertFalse(user.has_group("base.group_system"))

    def test_all_configurations_share_the_worker_s_key(self):
        other = self.another_office()
        lines = self.pair()
        self.assertEqual(other.worker_hook_key, lines["SICANTIK__HOOK__KEY"])

    def test_no_key_is_logged(self):
        with self.assertLogs("odoo", "DEBUG") as logs:
            lines = self.pair()
        for name in ("SICANTIK__ODOO__API_KEY", "SICANTIK__HOOK__KEY"):
            told = [
                record
                for record in logs.records
                if record.name != "odoo.sql_db" and lines[name] in record.getMessage()
            ]
            self.assertFalse(told)
