from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SicantikCase
from .test_access import MODELS

BUTTONS = (
    "action_test_connection",
    "action_sync_now",
    "action_sync_types",
    "action_test_expiry_sync",
    "action_open_expiry_wizard",
    "action_compare",
)


@tagged("post_install", "-at_install", "sicantik")
class TestRights(SicantikCase):
    """Viewer, operator and manager: what each may do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls._user("portal", "base.group_portal")
        cls.employee = cls._user("employee", "base.group_user")

    def test_who_may_do_what_with_the_models(self):
        rights = {
            self.employee: {},
            self.viewer: dict.fromkeys(MODELS, {"read"}),
            self.operator: {
                **dict.fromkeys(MODELS, {"read"}),
                "sicantik.permit": {"read", "write"},
            },
            self.manager: {
                **dict.fromkeys(MODELS, {"read"}),
                "sicantik.permit": {"read", "write"},
                "sicantik.config": {"read", "write", "create", "unlink"},
            },
        }
        for user, allowed in rights.items():
            for model in MODELS:
                records = self.env[model].with_user(user)
                for operation in ("read", "write", "create", "unlink"):
                    self.assertEqual(
                        records.has_access(operation),
                        operation in allowed.get(model, ()),
                        (user.login, model, operation),
                    )

    def test_buttons_are_for_operators(self):
        for name in BUTTONS:
            for user in (self.portal, self.employee, self.viewer):
                with self.assertRaises(AccessError, msg=name):
                    getattr(self.config.with_user(user), name)()
            getattr(self.config.with_user(self.operator), name)()

    def test_nobody_reads_a_secret(self):
        secrets = {
            "worker_hook_key": "hook-secret",
            "worker_hook_key_previous": "hook-secret-before",
            "api_key_stored": "sicantik-secret",
        }
        self.config.write(secrets)
        admin = self.env.ref("base.user_admin")
        for user in (self.viewer, self.operator, self.manager, admin, self.worker):
            config = self.config.with_user(user)
            for name, value in secrets.items():
                with self.assertRaises(AccessError, msg=(user.login, name)):
                    config.read([name])
                with self.assertRaises(AccessError, msg=(user.login, name)):
                    config.write({name: "x"})
                with self.assertRaises(AccessError, msg=(user.login, name)):
                    config.search([(name, "=like", value[0] + "%")])
            if user != self.worker:
                self.assertNotIn("secret", str(config.read()))
        export = self.config.with_user(admin).export_data(["api_key"])
        self.assertNotIn("secret", str(export))

    def test_a_copy_has_the_worker_s_key_and_no_api_key(self):
        self.config.write({"worker_hook_key": "k", "api_key_stored": "secret"})
        copy = self.config.copy({"active": False})
        self.assertEqual(copy.worker_hook_key, "k")
        self.assertFalse(copy.api_key_stored)

    def test_managers_write_settings_not_the_worker_s_state(self):
        config = self.config.with_user(self.manager)
        config.write({"page_size": 200})
        for name in ("worker_name", "worker_seen", "connection_status", "last_error"):
            with self.assertRaises(AccessError, msg=name):
                config.write({name: False})
            with self.assertRaises(AccessError, msg=name):
                config.create({"name": "x", "api_url": "https://x.test", name: False})

    def test_the_worker_s_user_signs_in_with_keys_only(self):
        self.assertTrue(self.worker._rpc_api_keys_only())
        self.assertFalse(self.operator._rpc_api_keys_only())
