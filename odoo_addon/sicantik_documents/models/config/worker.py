"""Where the files go: the worker, as Odoo reaches it."""

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.sicantik_connector.models.config import point

from ...tools.files import Worker
from ...wording import ending_sentence

# What a file on its way needs of a configuration, which has a hundred fields.
LINK = (
    *("worker_url", "worker_hook_key", "worker_hook_key_previous"),
    *("worker_public_key", "document_max_mib"),
)


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    def _files_worker(self):
        """The Worker of this configuration, with its keys; None while there is none
        that Odoo reaches. Private: whoever has the keys can speak as Odoo."""
        self.ensure_one()
        # sudo: nobody may read the hook keys
        config = self.sudo()
        config.fetch(LINK)
        keys = filter(None, (config.worker_hook_key, config.worker_hook_key_previous))
        if not (config.worker_url and config.worker_hook_key):
            return None
        return Worker(config.worker_url, list(keys), config._database_uuid())

    def _sealing_point(self):
        """What files are sealed to; UserError while no worker has told its key."""
        self.ensure_one()
        found = point(self.worker_public_key)
        if not found:
            raise UserError(
                self.env._(
                    "The worker has not told its key yet, so the file cannot be sealed "
                    "for it. Start the worker, then upload again; if that does not "
                    "help, a system administrator presses Connect Worker in the "
                    "configuration."
                )
            )
        return found

    def _require_files_worker(self):
        """The Worker; UserError while there is none that Odoo reaches."""
        worker = self._files_worker()
        if not worker:
            raise UserError(ending_sentence(self.env, "no_worker"))
        return worker
