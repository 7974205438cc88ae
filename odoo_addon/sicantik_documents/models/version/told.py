"""What the worker asks of versions, when its store came back from an earlier day."""

from odoo import api, models
from odoo.exceptions import UserError

# Of one call.
MOST_HASHES = 500


class SicantikDocumentVersion(models.Model):
    _inherit = "sicantik.document.version"

    @api.model
    def of_hashes(self, hashes):
        """The versions of these bytes, of every company, archived configurations
        included: ``{FACTS, "living": [...], "erased": [uuid]}``; docs/interfaces.md.
        The worker alone asks this."""
        configs = self.env["sicantik.config"]
        configs._require_worker()
        given = isinstance(hashes, list) and len(hashes) <= MOST_HASHES
        if not (given and all(isinstance(sha256, str) for sha256 in hashes)):
            raise UserError(
                self.env._("At most %(most)s hashes, as a list.", most=MOST_HASHES)
            )
        # sudo: the worker has no rights of its own
        found = self.sudo().search([("sha256", "in", hashes)], order="id")
        living = found.filtered(lambda version: not version.erased_at)
        # sudo: the same; a file of the inbox that waits for a person is no version yet,
        # one that nobody needs is none any more
        arrivals = self.env["sicantik.document.arrival"].sudo()
        waiting = [("sha256", "in", hashes), ("state", "in", ("arriving", "unmatched"))]
        waiting += [("version_uuid", "!=", False)]
        gone = arrivals.search([("sha256", "in", hashes), ("erased_at", "!=", False)])
        return {
            **configs._facts(),
            "living": [
                one._told() for one in (*living, *arrivals.search(waiting, order="id"))
            ],
            "erased": [
                *(found - living).mapped("uuid"),
                *gone.mapped("version_uuid"),
            ],
        }

    def _told(self):
        return {
            "version": self.uuid,
            "document": self.document_id.uuid,
            "number": self.number,
            "stage": self.stage,
            "size": self.size,
            "sha256": self.sha256,
            "by": self.uploaded_by_id.login or "",
        }
