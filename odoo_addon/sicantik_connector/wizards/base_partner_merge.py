"""Merging contacts: no permit is lost, and a refusal stays a refusal."""

from odoo import api, models

from ..models.res_partner_consent import NOT_ASKED

LINKS = ("partner_id", "proposed_partner_id")


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Permits follow first, by themselves.

        Odoo's own way deletes every row of a table of which one cannot be changed, be
        it only for the moment. Here the error goes on, and nothing is merged.
        """
        permits = self.env["sicantik.config"]._worker_env().env["sicantik.permit"]
        for name in LINKS:
            linked = permits.search([(name, "in", src_partners.ids)])
            linked.write({name: dst_partner.id})
        permits.flush_model(LINKS)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _update_values(self, src_partners, dst_partner):
        self._merge_whatsapp_consent(src_partners, dst_partner)
        return super()._update_values(src_partners, dst_partner)

    @api.model
    def _merge_whatsapp_consent(self, src_partners, dst_partner):
        """A refusal wins, else the newest answer, with its date and source.

        sudo: who merges contacts need not be an operator, and decides nothing here.
        """
        sources, destination = src_partners.sudo(), dst_partner.sudo()
        answered = (sources + destination).filtered("whatsapp_consent_date")
        refused = answered.filtered(lambda p: p.whatsapp_consent == "opted_out")
        standing = (refused or answered).sorted("whatsapp_consent_date")[-1:]
        values = standing._consent() if standing else None
        # Odoo would fill what the destination lacks, such as a remark, from them.
        sources.write(dict(NOT_ASKED))
        if values and standing != destination:
            destination.write(values)
            destination._message_log(
                body=self.env._(
                    "WhatsApp notices: %(answer)s, taken over from %(contact)s",
                    answer=destination._consent_in_words(values),
                    contact=standing.display_name,
                )
            )
