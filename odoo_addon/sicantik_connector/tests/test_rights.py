from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import GROUP, SicantikCase


@tagged("post_install", "-at_install", "sicantik")
class TestRights(SicantikCase):
    """What groups are, and what each may set. Who comes through which door of the addon
    is in doors/."""

    def test_the_groups_are_a_chain_and_the_worker_is_apart(self):
        chain = "viewer", "operator", "manager"
        administrator = self._user("administrator", "base.group_system")
        for user, level in (
            (self._user("employee", "base.group_user"), 0),
            (self.worker, 0),
            (self.viewer, 1),
            (self.operator, 2),
            (self.manager, 3),
            (administrator, 3),
        ):
            has = [user.has_group(f"{GROUP}{name}") for name in chain]
            self.assertEqual(has, [n < level for n in range(3)], user.login)
        group = f"{GROUP}sicantik_worker"
        self.assertFalse(administrator.has_group(group))
        self.assertTrue(self.worker.has_group("base.group_user"))
        self.assertEqual(self.env.ref(group).api_key_duration, 365)

    def test_an_export_has_no_api_key(self):
        self.config.write({"api_key_stored": "sicantik-secret"})
        administrator = self.env.ref("base.user_admin")
        export = self.config.with_user(administrator).export_data(["api_key"])
        self.assertNotIn("secret", str(export))

    def test_a_copy_has_the_worker_s_key_and_no_api_key(self):
        self.config.write({"worker_hook_key": "k", "api_key_stored": "secret"})
        copy = self.config.copy({"active": False})
        self.assertEqual(copy.worker_hook_key, "k")
        self.assertFalse(copy.api_key_stored)

    def test_managers_set_up_a_configuration_not_the_worker_s_state(self):
        config = self.config.with_user(self.manager)
        for name in ("worker_name", "worker_seen", "connection_status", "last_error"):
            with self.assertRaises(AccessError, msg=name):
                config.create({"name": "x", "api_url": "https://x.test", name: False})

    def test_the_worker_s_user_signs_in_with_keys_only(self):
        self.assertTrue(self.worker._rpc_api_keys_only())
        self.assertFalse(self.operator._rpc_api_keys_only())
