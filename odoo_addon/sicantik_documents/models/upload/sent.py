"""Files that were sent to the worker, until Odoo has noted what became of them: whoever
dies in between leaves nothing at the worker that nobody knows."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.files import KEPT, REFUSED, UNKNOWN, erase
from ..config import AGAIN, ERASE

# So long a file may be on its way; what Odoo has not noted then, it never will.
GIVEN_UP = timedelta(hours=1)
# Files of one transaction.
AT_ONCE = 50


class SicantikDocumentSent(models.Model):
    """Committed before a file is sent, and gone in the transaction that notes what the
    worker has, so that a version is in one of the two."""

    _name = "sicantik.document.sent"
    _inherit = "sicantik.owned.mixin"
    _description = "SICANTIK File on Its Way"
    _order = "id"

    config_id = fields.Many2one(
        "sicantik.config",
        "Configuration",
        required=True,
        index=True,
        ondelete="cascade",
    )
    uuid = fields.Char("Worker's Id", required=True, index=True)
    sha256 = fields.Char("SHA-256", required=True, index=True)
    sent_at = fields.Datetime("Sent on", required=True, default=fields.Datetime.now)
    is_given_up = fields.Boolean("Given Up")

    @api.model
    def _begin(self, config, parcel):
        """Remember what is sent now."""
        values = {"uuid": parcel.version, "sha256": parcel.sha256}
        # sudo: nobody writes these by hand; the caller has checked the rights
        self.sudo().create({"config_id": config.id, **values})

    @api.model
    def _end(self, uuid):
        """Odoo notes it now. False where it was given up meanwhile: the worker is, or
        was, told to erase it."""
        # One statement: unlink() would look for what never belongs to such a row.
        self.flush_model(["uuid", "is_given_up"])
        self.env.cr.execute(
            SQL(
                "DELETE FROM sicantik_document_sent"
                " WHERE uuid = %s AND is_given_up IS NOT TRUE RETURNING id",
                uuid,
            )
        )
        gone = self.browse(row_id for (row_id,) in self.env.cr.fetchall())
        gone.invalidate_recordset(flush=False)
        return bool(gone)

    @api.model
    def _leave(self, uuid, answer):
        """Odoo notes nothing of it: what the worker has of it goes. Nothing was
        written, and no transaction is open while the worker is asked."""
        # sudo: the same
        found = self.sudo().search([("uuid", "=", uuid)])
        worker = found and found.config_id._files_worker()
        if worker and answer.outcome == KEPT:
            self.env.cr.rollback()
            found._note_erasure(erase(worker, uuid))
        elif answer.outcome == REFUSED:
            found.unlink()
        if found.exists():
            # sudo: scheduled actions are for administrators
            self.env.ref(ERASE).sudo()._trigger(fields.Datetime.now() + AGAIN)

    @api.model
    def _to_leave(self, config):
        """What Odoo will never note; call with sudo."""
        before = fields.Datetime.now() - GIVEN_UP
        domain = [("config_id", "=", config.id), ("sent_at", "<", before)]
        found = self.search(domain, limit=AT_ONCE)
        found.is_given_up = True
        return found

    def _note_erasure(self, answer):
        """What the worker answered to the order to erase it."""
        if answer.is_erased or answer.code == UNKNOWN:
            self.unlink()
