from odoo.fields import NO_ACCESS
from odoo.models import MAGIC_COLUMNS
from odoo.tests import tagged

from ..common import SicantikCase
from .test_pairing import TestPairing as Pairing


@tagged("post_install", "-at_install", "sicantik")
class TestCopy(SicantikCase):
    """*Duplicate* of a configuration."""

    pair, user, keys = Pairing.pair, Pairing.user, Pairing.keys

    def test_a_manager_duplicates_a_configuration(self):
        self.config.write({"api_key": "made-up", "page_size": 50})
        self.runs("queued", worker="worker-1", version="1")
        self.finish(self.start("probe"), probe={"ok": True, "latency_ms": 5})
        copied = self.config.with_user(self.manager).copy()
        self.assertFalse(copied.active, "a company has one active configuration")
        self.assertEqual(copied.name, "Kantor Contoh (copy)")
        self.assertEqual(copied.api_url, self.config.api_url)
        self.assertEqual(copied.page_size, 50)
        self.assertFalse(copied.api_key)
        self.assertFalse(copied.worker_seen or copied.probe)
        self.assertEqual(copied.connection_status, "unknown")
        again = copied.copy({"name": "Baru"})
        self.assertEqual(again.name, "Baru")

    def test_only_what_people_set_is_copied(self):
        for name, field in self.config._fields.items():
            if field.store and field.copy and name not in MAGIC_COLUMNS:
                self.assertTrue(self.config._people_may_write(name), name)
                self.assertNotEqual(field.groups, NO_ACCESS, name)

    def test_a_copy_takes_part_in_the_pairing_as_every_new_configuration(self):
        """One worker serves all configurations with one key, which is in no copy."""
        self.pair()
        [copied] = self.config.copy_data()
        self.assertFalse([name for name in copied if "key" in name])
        copied = self.config.copy()
        self.assertEqual(copied.worker_hook_key, self.config.worker_hook_key)
