"""The buttons of a document that lead to its files."""

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.sicantik_connector.tools.rights import nothing_for_none

UPLOAD = "sicantik_documents.upload"


class SicantikDocument(models.Model):
    _inherit = "sicantik.document"

    @nothing_for_none
    def action_preview(self):
        """Open the current version in Odoo's viewer."""
        return self._version_now().action_preview()

    @nothing_for_none
    def action_download(self):
        """Save the current version."""
        return self._version_now().action_download()

    def _version_now(self):
        """The current version; UserError while there is none."""
        self.ensure_one()
        self.check_access("read")
        if not self.current_version_id:
            raise UserError(
                self.env._("“%(document)s” has no file yet.", document=self.name)
            )
        return self.current_version_id

    @nothing_for_none
    def action_new_version(self):
        """Open the dialog for a new version of this document; operators only."""
        self.ensure_one()
        permit, document = self._place(0, self.id)
        return self._upload_dialog(permit, document)

    @api.model
    def _upload_dialog(self, permit, document):
        """The client action that uploads to ``permit``, or a new version of
        ``document``; UserError where it would lead to nothing."""
        config = permit.config_id
        config._require_files_worker()
        config._sealing_point()
        types = self.env["sicantik.document.type"].search(
            [("company_id", "in", [False, config.company_id.id])]
        )
        title = (
            self.env._("New Version of %s", document.name)
            if document
            else self.env._("Upload Documents")
        )
        return {
            "type": "ir.actions.client",
            "tag": UPLOAD,
            "name": title,
            "target": "new",
            "params": {
                "permit": permit.id,
                "about": permit.with_context(sicantik_with_applicant=True).display_name,
                "document": document.id or 0,
                "type": document.type_id.id or 0,
                "types": [[one.id, one.name] for one in types],
                "most_mib": config.document_max_mib,
            },
        }
