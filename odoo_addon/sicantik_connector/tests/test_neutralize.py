from odoo.modules.neutralize import get_neutralization_queries, neutralize_database
from odoo.tests import tagged

from .common import SicantikCase
from .config.test_pairing import TestPairing as Pairing


@tagged("post_install", "-at_install", "sicantik")
class TestNeutralize(SicantikCase):
    """A copy for tests is cut off from the worker and from SICANTIK."""

    pair, user, keys = Pairing.pair, Pairing.user, Pairing.keys

    def test_odoo_s_own_neutralizing_cuts_the_copy_off(self):
        self.pair()
        self.config.write(
            {
                "worker_url": "http://127.0.0.1:8075",
                "worker_hook_key_previous": "earlier",
                "worker_public_key": "of the original",
                "api_key": "sicantik-key",
            }
        )
        running, waiting = self.start("permits"), {"uuid": self.order("types")}
        ended = self.start("probe")
        self.finish(ended)
        self.env.flush_all()

        neutralize_database(self.env.cr)
        self.env.registry.clear_cache()
        self.env.invalidate_all()

        configs = self.config.with_context(active_test=False).search([])
        self.assertIn(self.config, configs)
        for name in (
            "active",
            "worker_url",
            "worker_hook_key",
            "worker_hook_key_previous",
            "worker_public_key",
            "api_key_stored",
        ):
            self.assertFalse(any(configs.mapped(name)), name)
        self.assertFalse(self.keys())
        for run in (running, waiting):
            self.assertEqual(self.run_of(run).state, "cancelled")
            self.assertTrue(self.run_of(run).date_end)
        self.assertEqual(self.run_of(ended).state, "done")
        answer = self.runs("queued", worker="w", version="1")
        self.assertIs(answer["neutralized"], True)
        self.assertFalse(answer["runs"])

    def test_the_file_is_found_by_odoo(self):
        [query] = get_neutralization_queries(["sicantik_connector"])
        self.assertIn("sicantik_config", query)

    def test_an_ordinary_database_is_not_neutralized(self):
        answer = self.runs("queued", worker="w", version="1")
        self.assertIs(answer["neutralized"], False)
