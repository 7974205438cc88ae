"""A version of a document: what the worker says of the bytes that it keeps."""

from urllib.parse import quote

from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools import compat
from odoo.addons.sicantik_connector.tools.rights import nothing_for_none

from ...tools.names import file_name
from ...tools.preview import preview
from ...tools.sizes import size_text

STAGES = [("original", "Original"), ("signed", "Signed")]


class SicantikDocumentVersion(models.Model):
    """Never changed: another file is another version."""

    _name = "sicantik.document.version"
    _inherit = "sicantik.owned.mixin"
    _description = "SICANTIK Document Version"
    _order = "number desc, id desc"

    document_id = fields.Many2one(
        "sicantik.document", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="document_id.company_id", related_sudo=False)
    uuid = fields.Char("Worker's Id", required=True)
    number = fields.Integer("Version", required=True, aggregator=None)
    stage = fields.Selection(STAGES, required=True, default="original")
    sha256 = fields.Char("SHA-256", required=True, index=True)
    size = fields.Integer("Bytes", required=True, aggregator=None)
    size_text = fields.Char("Size", compute="_compute_size_text")
    pages = fields.Integer(aggregator=None)
    title = fields.Char("Title in the File")
    signatures = fields.Integer("Signatures in the File", aggregator=None)
    original_filename = fields.Char("Name of the File")
    uploaded_by_id = fields.Many2one("res.users", "Uploaded by")
    uploaded_at = fields.Datetime("Uploaded on")
    erased_at = fields.Datetime("Erased on")

    compat.add_constraint(
        locals(), "uuid_uniq", "UNIQUE(uuid)", "This version exists already."
    )
    compat.add_constraint(
        locals(),
        "number_uniq",
        "UNIQUE(document_id, number)",
        "The document has a version with this number already.",
    )

    @api.depends("document_id.number", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = f"{version.document_id.number} · {version.number}"

    @api.depends("size")
    @api.depends_context("lang")
    def _compute_size_text(self):
        for version in self:
            version.size_text = size_text(self.env, version.size)

    def _file_name(self):
        """The name under which people save it."""
        return file_name(self.document_id.name)

    def _address(self):
        """Where its bytes are, for who may see it. By number: what stands in an address
        stands in logs, and a name may be a person's."""
        self.ensure_one()
        name = quote(file_name(f"{self.document_id.number}-{self.number}"), safe="")
        return f"/sicantik/documents/{self.document_id.id}/{self.id}/{name}"

    @nothing_for_none
    def action_preview(self):
        """Open it in Odoo's viewer."""
        self.ensure_one()
        self.check_access("read")
        self.document_id._require_unerased()
        return preview(self._file_name(), self._address(), self.sha256)

    @nothing_for_none
    def action_download(self):
        """Save it."""
        self.ensure_one()
        self.check_access("read")
        self.document_id._require_unerased()
        return {
            "type": "ir.actions.act_url",
            "url": f"{self._address()}?download=true",
            "target": "download",
        }

    def _note_erasure(self, answer):
        """What the worker answered to the order to erase it."""
        document = self.document_id
        if answer.is_erased:
            self.erased_at = fields.Datetime.now()
            document._conclude_erasure()
        else:
            document.erase_fault = answer.code
