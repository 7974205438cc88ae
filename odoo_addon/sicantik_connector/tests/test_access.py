from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SicantikCase, row_of

# Every method that the worker calls, with arguments that would do something.
RUN = {"uuid": "x", "token": "y"}
WORKER_METHODS = {
    ("sicantik.config", "worker_settings"): {"worker": "w", "version": "1"},
    ("sicantik.sync.run", "order"): {"config_id": 0, "kind": "permits"},
    ("sicantik.sync.run", "queued"): {"worker": "w", "version": "1"},
    ("sicantik.sync.run", "claim"): {
        "uuids": ["x"],
        "worker": "w",
        "lease_seconds": 60,
    },
    ("sicantik.sync.run", "status"): {"uuids": ["x"]},
    ("sicantik.sync.run", "report"): {"reports": [RUN]},
    ("sicantik.sync.run", "finish"): {"results": [{**RUN, "state": "done"}]},
    ("sicantik.permit.type", "upsert_batch"): {**RUN, "rows": []},
    ("sicantik.permit", "upsert_batch"): {**RUN, "rows": [row_of("1")]},
    ("sicantik.permit", "due_details"): {**RUN, "limit": 1},
    ("sicantik.permit", "apply_details"): {**RUN, "rows": []},
    ("sicantik.permit", "keys"): {**RUN, "values": True},
    ("sicantik.permit", "mark_missing"): {**RUN, "missing": [1], "seen": []},
}
# The other public methods: for people, with their own tests.
PEOPLE_METHODS = {("sicantik.config", "worker_banner")}
MODELS = (
    "sicantik.config",
    "sicantik.permit",
    "sicantik.permit.type",
    "sicantik.permit.applicant",
    "sicantik.sync.run",
    "sicantik.sync.issue",
    "sicantik.notice",
    "sicantik.api.call",
)


@tagged("post_install", "-at_install", "sicantik")
class TestAccess(SicantikCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls._user("portal", "base.group_portal")
        cls.employee = cls._user("employee", "base.group_user")
        cls.admin = cls.env.ref("base.user_admin")

    def test_only_the_worker_calls_the_worker_s_methods(self):
        people = self.portal, self.employee, self.viewer, self.operator, self.manager
        for (model, method), values in WORKER_METHODS.items():
            for user in (*people, self.admin, self.env.ref("base.user_root")):
                records = self.env[model].with_user(user)
                with self.assertRaises(AccessError, msg=f"{model}.{method}"):
                    getattr(records, method)(**values)
                with self.assertRaises(AccessError):
                    getattr(records.sudo(), method)(**values)

    def test_the_list_of_the_worker_s_methods_is_complete(self):
        found = set()
        for model in MODELS:
            for name in dir(type(self.env[model])):
                method = getattr(type(self.env[model]), name, None)
                module = getattr(method, "__module__", "") or ""
                if name.startswith(("_", "action_")) or not callable(method):
                    continue
                if "sicantik_connector" in module:
                    found.add((model, name))
        inherited = {"create", "write", "unlink", "init", "onchange"}
        found = {(model, name) for model, name in found if name not in inherited}
        self.assertEqual(found, set(WORKER_METHODS) | PEOPLE_METHODS)

    def test_the_worker_has_no_access_to_any_model(self):
        uuid = self.order()
        for model in MODELS:
            records = self.env[model].with_user(self.worker)
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(records.has_access(operation), (model, operation))
        run = self.run_of({"uuid": uuid}).with_user(self.worker)
        with self.assertRaises(AccessError):
            run.write({"state": "done"})
        with self.assertRaises(AccessError):
            run.read(["lease_token"])
        with self.assertRaises(AccessError):
            self.config.with_user(self.worker).action_sync_now()
        with self.assertRaises(AccessError):
            self.config.with_user(self.worker).action_pair_worker()

    def test_the_groups_are_a_chain_and_the_worker_is_apart(self):
        chain = "viewer", "operator", "manager"
        for user, level in (
            (self.employee, 0),
            (self.worker, 0),
            (self.viewer, 1),
            (self.operator, 2),
            (self.manager, 3),
            (self.admin, 3),
        ):
            has = [user.has_group(f"sicantik_connector.group_{name}") for name in chain]
            self.assertEqual(has, [n < level for n in range(3)], user.login)
        group = "sicantik_connector.group_sicantik_worker"
        self.assertFalse(self.admin.has_group(group))
        self.assertTrue(self.worker.has_group("base.group_user"))
        self.assertEqual(self.env.ref(group).api_key_duration, 365)
