"""Files that wait in Odoo for the worker: sealed, so that nobody can read them here."""

from odoo import api, fields, models
from odoo.fields import NO_ACCESS

from odoo.addons.sicantik_connector.tools.landing import lock_rows

from ...tools.files import KEPT, UNKNOWN, Body, send

# Refusals of what is between Odoo and the worker: somebody repairs it, and the file is
# there still. Of the rest the worker itself has said that it will never take the file.
BETWEEN = ("away", "unpaired", "proxy")


class SicantikDocumentUpload(models.Model):
    """The sealed body of a version, until the worker has it. Nobody may read it over
    RPC, nor anything else of it; the very same bytes go, by the same id, however often
    they are sent."""

    _name = "sicantik.document.upload"
    _inherit = "sicantik.owned.mixin"
    _description = "SICANTIK Document That Waits"
    _order = "tried_at NULLS FIRST, id"

    document_id = fields.Many2one(
        "sicantik.document", required=True, index=True, ondelete="cascade"
    )
    uuid = fields.Char("Worker's Id", required=True)
    number = fields.Integer("Version", required=True, aggregator=None)
    stage = fields.Char(required=True)
    size = fields.Integer("Bytes", required=True, aggregator=None)
    sha256 = fields.Char("SHA-256", required=True, index=True)
    title = fields.Char("Name of the File")
    reason = fields.Char("Why It Waits", required=True)
    tried_at = fields.Datetime("Last Tried")
    sealed = fields.Binary("Sealed File", attachment=False, groups=NO_ACCESS)

    @api.model
    def _keep(self, document, parcel, sealed):
        """Keep a sealed body until the worker is back."""
        self.create(
            {
                "document_id": document.id,
                "uuid": parcel.version,
                "number": parcel.number,
                "stage": parcel.stage,
                "size": parcel.size,
                "sha256": parcel.sha256,
                "title": parcel.title,
                "reason": "away",
                "sealed": sealed,
            }
        )
        document._message_log(
            body=self.env._(
                "%(name)s waits in Odoo, sealed, because the worker does not answer.",
                name=parcel.title,
            )
        )

    @api.model
    def _send_next(self, config):
        """Send what was not tried for the longest time; whether there may be more that
        can go now. In one transaction, so that the row goes with what its answer makes;
        where that is undone, the same version goes again, and the worker answers the
        same."""
        waiting = [("document_id.config_id", "=", config.id), ("reason", "!=", "erase")]
        found = self.search(waiting, limit=1)
        worker = config._files_worker()
        if not (found and worker):
            return False
        # Whoever erases the document meanwhile waits for what becomes of it.
        lock_rows(found)
        answer = send(worker, found.uuid, Body([found.sealed]), found.sha256)
        if answer.outcome != KEPT and (answer.code in BETWEEN or answer.code.isdigit()):
            found.write({"reason": answer.code, "tried_at": fields.Datetime.now()})
            return False
        found._end(answer)
        return True

    def _end(self, answer):
        """The worker has taken it, or never will."""
        self.ensure_one()
        user = self.create_uid
        document = self.document_id.with_user(user).sudo().with_context(lang=user.lang)
        parcel = document._parcel_of(self, user.login, self.title)
        self.unlink()
        if answer.outcome == KEPT:
            document._take_version(parcel, answer.facts)
            return
        document.refusal = answer.code
        document._message_log(
            body=self.env._(
                "%(name)s was not taken: %(why)s",
                name=parcel.title,
                why=document._sentence(answer.code),
            )
        )

    def _note_erasure(self, answer):
        """What the worker answered to the order to erase what it may have taken in
        before its answer was lost. It may never have heard of it."""
        document = self.document_id
        is_unknown = answer.code == UNKNOWN
        if answer.is_erased or (is_unknown and document._is_long_ordered()):
            self.unlink()
            document._conclude_erasure()
        else:
            document.erase_fault = "erase_sent" if is_unknown else answer.code
