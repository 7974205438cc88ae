"""Whether the documents of permits of a type are published to applicants."""

from odoo import fields, models

from odoo.addons.sicantik_connector.tools.constants import MANAGER
from odoo.addons.sicantik_connector.tools.rights import nothing_for_none, require_group


class SicantikPermitType(models.Model):
    _inherit = "sicantik.permit.type"

    publish_documents = fields.Boolean(
        help="Documents that are ready have an address in the internet, which notices "
        "tell the applicant. Whoever knows it can open the document.",
    )

    @nothing_for_none
    def action_publish_documents(self):
        """Give applicants an address of their documents; managers only."""
        return self._set_publish_documents(True)

    @nothing_for_none
    def action_stop_publishing(self):
        """The addresses give nothing any more; managers only."""
        return self._set_publish_documents(False)

    def _set_publish_documents(self, value):
        refusal = self.env._(
            "Only members of the group SICANTIK / Manager may say which documents are "
            "published. Ask one."
        )
        require_group(self, MANAGER, refusal)
        # sudo: nobody writes permit types by hand; the group was checked
        self.sudo().publish_documents = value
        return True
