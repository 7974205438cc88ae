"""Merging contacts: no permit is lost."""

from odoo import api, models

LINKS = ("partner_id", "proposed_partner_id")


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Odoo's wizard that merges contacts."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Permits follow first, by themselves."""
        self._merge_permits(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _merge_permits(self, src_partners, dst_partner):
        """Permits follow by themselves: Odoo's own way deletes every row of a table of
        which one cannot be changed, be it only for the moment. Here the error goes on,
        and nothing is merged."""
        permits = self.env["sicantik.config"]._worker_env().env["sicantik.permit"]
        for name in LINKS:
            linked = permits.search([(name, "in", src_partners.ids)])
            linked.write({name: dst_partner.id})
        permits.flush_model(LINKS)
