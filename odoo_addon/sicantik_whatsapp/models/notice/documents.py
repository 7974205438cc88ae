"""What names the events of documents, by facts: nothing random, and no id of a record
unless nothing else says which one it is.
"""

from odoo import fields, models

from odoo.addons.sicantik_notice.models.notice import PERMIT


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    def _whatsapp_event_permit_ready(self):
        """The number under which it was issued, and when."""
        permit = self.permit_id
        issued = fields.Date.to_string(permit.issue_date) or ""
        return "/".join(
            [*self._whatsapp_document(), permit.permit_number or "", issued]
        )

    def _whatsapp_event_document_pending(self):
        """Of which permits, on which day."""
        told = sorted(permit.identity for permit in self._permits())
        return "/".join([*self._whatsapp_document(), *told, self._whatsapp_day()])

    def _whatsapp_event_reminder(self):
        return self._whatsapp_event_document_pending()

    def _whatsapp_event_approval_required(self):
        """Of what, and since when it waits: ``facts["since"]``, else the day."""
        since = (self.facts or {}).get("since") or self._whatsapp_day()
        return "/".join([*self._whatsapp_document(), str(since)])

    def _whatsapp_document(self):
        """What it is about, where that is neither the permit nor the office: by
        ``facts["reference"]``, else by its id, which a record has in a dump, too. Not
        by its name, which depends on the reader's language and rights."""
        if self.res_model in (PERMIT, self.config_id._name):
            return []
        reference = (self.facts or {}).get("reference") or self.res_id
        return [self.res_model, str(reference)]
