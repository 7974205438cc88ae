from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Odoo's wizard that merges contacts."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Notices also know their recipient by a key that Odoo does not know of."""
        # sudo: who may merge contacts may not see notices, and not of every company
        notices = self.env["sicantik.notice"].sudo()
        mine = notices.search([("partner_id", "in", src_partners.ids)], order="id")
        for notice in mine:
            vals = {"partner_id": dst_partner.id}
            # One that stepped aside stays there: the same may be told again.
            if "#" not in notice.recipient_key:
                vals["recipient_key"] = f"partner:{dst_partner.id}"
            notice._take_key(**vals)
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)
