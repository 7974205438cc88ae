import hashlib
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import SicantikCase
from .test_pairing import TestPairing as Pairing

API_KEY = "SICANTIK__ODOO__API_KEY"
HOOK_KEY = "SICANTIK__HOOK__KEY"


@tagged("post_install", "-at_install", "sicantik")
class TestRotation(SicantikCase):
    """New keys without downtime: the earlier ones end when the worker has the new."""

    pair, user, keys, uid_of = Pairing.pair, Pairing.user, Pairing.keys, Pairing.uid_of

    def setUp(self):
        super().setUp()
        self.old = self.pair()
        self.heard(self.old)
        self.new = self.pair()

    def heard(self, lines, **changes):
        """The worker is heard of with the keys of ``lines``."""
        hook_key = lines[HOOK_KEY]
        keys = {
            "api_key": lines[API_KEY][:8],
            "hook_key": hashlib.sha256(hook_key.encode()).hexdigest()[:8],
        }
        return self.runs("queued", worker="w", version="1", keys={**keys, **changes})

    def works(self, lines):
        return bool(self.uid_of(lines[API_KEY]))

    def test_the_earlier_keys_stay_until_the_worker_has_both_new_ones(self):
        self.assertTrue(self.works(self.old) and self.works(self.new))
        self.assertEqual(self.config.worker_hook_key, self.new[HOOK_KEY])
        self.assertEqual(self.config.worker_hook_key_previous, self.old[HOOK_KEY])
        self.heard(self.old)
        self.heard(self.new, hook_key=None)
        self.heard(self.new, api_key=self.old[API_KEY][:8])
        self.runs("queued", worker="w", version="1")
        self.assertEqual(self.config.rotation_state, "waiting")
        self.assertTrue(self.works(self.old))
        self.heard(self.new)
        self.assertEqual(self.config.rotation_state, "none")
        self.assertFalse(self.config.worker_hook_key_previous)
        self.assertFalse(self.works(self.old))
        self.assertTrue(self.works(self.new))
        self.assertEqual(len(self.keys()), 1)

    def test_a_removed_key_is_forgotten_at_once(self):
        # Odoo 18 lets a key in that it remembers, also when it is gone.
        registry = type(self.env.registry)
        with patch.object(registry, "clear_cache", autospec=True) as clear:
            self.config.action_end_earlier_keys()
        clear.assert_called()

    def test_a_look_at_the_settings_ends_nothing(self):
        """`sicantik doctor` with the new lines, while the service has the old ones."""
        hook_key = self.new[HOOK_KEY]
        name = hashlib.sha256(hook_key.encode()).hexdigest()[:8]
        answer = self.rpc(
            "sicantik.config",
            "worker_settings",
            worker="w",
            version="1",
            keys={"api_key": self.new[API_KEY][:8], "hook_key": name},
        )
        self.assertEqual(answer["hook_key_id"], name)
        self.assertEqual(self.config.rotation_state, "waiting")
        self.assertTrue(self.works(self.old) and self.works(self.new))
        # Nor does a run that is ordered with them.
        self.runs("order", config_id=0, kind="types", worker="c", lease_seconds=60)
        self.assertEqual(self.config.rotation_state, "waiting")
        self.assertTrue(self.works(self.old))

    def test_renewed_twice_the_worker_s_own_keys_stay(self):
        newest = self.pair()
        self.assertTrue(self.works(self.old), "the worker still uses these")
        self.assertFalse(self.works(self.new), "nobody ever used these")
        self.assertEqual(self.config.worker_hook_key_previous, self.old[HOOK_KEY])
        self.heard(newest)
        self.assertEqual(self.config.rotation_state, "none")
        self.assertFalse(self.works(self.old))
        self.assertTrue(self.works(newest))

    def test_the_earlier_keys_can_be_ended_at_once(self):
        for user in (self.viewer, self.operator, self.manager, self.worker):
            with self.assertRaises(AccessError):
                self.config.with_user(user).action_end_earlier_keys()
        admin = self.env.ref("base.user_admin")
        self.config.with_user(admin).action_end_earlier_keys()
        self.assertFalse(self.works(self.old))
        self.assertTrue(self.works(self.new))
        self.assertEqual(self.config.rotation_state, "none")

    def test_every_configuration_takes_part(self):
        other = self.another_office()
        self.assertEqual(other.worker_hook_key, self.new[HOOK_KEY])
        self.assertEqual(other.worker_hook_key_previous, self.old[HOOK_KEY])
        self.heard(self.new)
        self.assertFalse(other.worker_hook_key_previous)

    def test_the_facts_tell_the_end_of_the_key_that_the_worker_uses(self):
        self.env.cr.execute(
            "UPDATE res_users_apikeys SET expiration_date = '2030-01-02 03:04:05'"
            " WHERE id = %s",
            [min(self.keys().ids)],
        )
        answer = self.heard(self.old)
        self.assertEqual(answer["api_key_expires"], "2030-01-02 03:04:05")
        newest = self.runs("queued", worker="w", version="1")["api_key_expires"]
        self.assertNotEqual(newest, answer["api_key_expires"])
        self.assertFalse(answer["neutralized"])
