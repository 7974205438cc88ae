"""Two transactions side by side on one configuration."""

from odoo import models
from odoo.tools import SQL

from ..tools.landing import quietly, repeat


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    def _lock(self):
        """Lock the rows against other orders until the end of the transaction.

        Whoever read before another transaction changed them gets a serialization
        failure here, and Odoo repeats the call.
        """
        if self:
            quietly(
                self.env.cr,
                SQL(
                    "SELECT id FROM sicantik_config WHERE id IN %s"
                    " ORDER BY id FOR NO KEY UPDATE",
                    tuple(self.ids),
                ),
            )

    def _announce(self):
        """Say that this transaction makes what another one may be about to make, too
        (a run, a permit type).

        Both count up one row. The later one gets a serialization failure, is repeated
        by Odoo, and then finds what the first one made.
        """
        self.ensure_one()
        quietly(
            self.env.cr,
            SQL(
                "UPDATE sicantik_config SET revision = COALESCE(revision, 0) + 1"
                " WHERE id = %s",
                self.id,
            ),
        )

    def _wait_for_twin(self, key):
        """Wait while the batch that begins with ``key`` is being written already.

        A worker that lost the answer sends its batch again, maybe while Odoo still
        works on the first one. The second waits for it and is then repeated, to find
        everything in place.
        """
        self.ensure_one()
        quietly(
            self.env.cr,
            SQL("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", self.id, key),
        )
        if not self.env.cr.fetchone()[0]:
            quietly(
                self.env.cr,
                SQL("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", self.id, key),
            )
            repeat(self.env.cr)
