"""What becomes of the bytes of a file that is no document: they go from the worker."""

from datetime import timedelta

from odoo import api, fields, models

from ...tools.files import UNKNOWN

# What is over is counted for so long; what never came to its end is given up after.
KEEP_DAYS, GIVE_UP_DAYS, FORGOTTEN_AT_ONCE = 400, 7, 5000
# So long the worker keeps a copy of what it took, unless it is set up otherwise.
NAMED_DAYS = 30
# In place of a name that was cleared.
NAMELESS = "…"
# Over, and no document came of it.
NO_DOCUMENT = ("double", "refused", "dismissed")
# Files of one transaction.
ERASED_AT_ONCE = 50


class SicantikDocumentArrival(models.Model):
    _inherit = "sicantik.document.arrival"

    erased_at = fields.Datetime("Erased on", readonly=True, copy=False)

    @api.model
    def _to_leave(self, config):
        """Those whose bytes the worker may keep, and nobody needs; call with sudo."""
        self._give_up(config)
        domain = [
            *(("config_id", "=", config.id), ("version_uuid", "!=", False)),
            *(("state", "in", ("dismissed", "double")), ("erased_at", "=", False)),
        ]
        return self.search(domain, limit=ERASED_AT_ONCE)

    @api.model
    def _give_up(self, config):
        """What never came to its end is not needed any more."""
        long_ago = fields.Datetime.now() - timedelta(days=GIVE_UP_DAYS)
        domain = [
            *(("config_id", "=", config.id), ("state", "=", "arriving")),
            ("arrived_at", "<", long_ago),
        ]
        for arrival in self.search(domain, limit=ERASED_AT_ONCE):
            arrival.write({"state": "dismissed", "key": arrival._past_key()})

    def _past_key(self):
        """In place of its key: should its file still lie there, or again, it comes
        anew, and is kept as another version."""
        return self.version_uuid

    @api.model
    def _has_more(self, asked):
        """Whether there may be more to leave after those of ``asked``, each of which
        has gone."""
        left = [kept for kept in asked if kept._name == self._name]
        return len(left) == ERASED_AT_ONCE and all(one.erased_at for one in left)

    def _note_erasure(self, answer):
        """What the worker answered to the order to erase its bytes. As what they were
        kept is remembered: a store of an earlier day may have them again."""
        if answer.is_erased or answer.code == UNKNOWN:
            now = fields.Datetime.now()
            self.write({"erased_at": now, "key": self._past_key()})

    @api.model
    def _forget_names(self, permits):
        """The names of files that became no document, of these permits; call with
        sudo."""
        of_these = [
            *("|", ("permit_id", "in", permits.ids)),
            *("|", ("proposal_ids.permit_id", "in", permits.ids)),
            ("document_id.permit_id", "in", permits.ids),
        ]
        self.search([("state", "in", NO_DOCUMENT), *of_these])._forget_name()

    def _forget_name(self):
        self.write({"name": NAMELESS, "title": False})

    @api.autovacuum
    def _gc_names(self):
        """What became no document needs a name while a copy of it lies there."""
        over = fields.Datetime.now() - timedelta(days=NAMED_DAYS)
        named = [("arrived_at", "<", over), ("name", "!=", NAMELESS)]
        domain = [("state", "in", NO_DOCUMENT), *named]
        found = self.sudo().search(domain, limit=FORGOTTEN_AT_ONCE)
        found._forget_name()
        return len(found), len(found) == FORGOTTEN_AT_ONCE

    @api.autovacuum
    def _gc_arrivals(self):
        """Forget what is over for long. What a person still has to decide stays."""
        over = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        ended = ("imported", *NO_DOCUMENT)
        domain = [("state", "in", ended), ("arrived_at", "<", over)]
        found = self.sudo().search(domain, limit=FORGOTTEN_AT_ONCE)
        found.unlink()
        return len(found), len(found) == FORGOTTEN_AT_ONCE
