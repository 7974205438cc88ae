"""Merging contacts: no notice is lost, and a refusal stays a refusal."""

from odoo import api, models

from ..models.notice import OFFICIAL
from ..models.res_partner_consent import NOT_ASKED


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Odoo's wizard that merges contacts."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Notices follow first, by themselves."""
        self._merge_notices(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _merge_notices(self, src_partners, dst_partner):
        """Notices also know their recipient by a key that Odoo does not know of."""
        # sudo: who may merge contacts may not see notices, and not of every company
        notices = self.env["sicantik.notice"].sudo()
        mine = notices.search([("partner_id", "in", src_partners.ids)], order="id")
        for notice in mine:
            vals = {"partner_id": dst_partner.id}
            # One that stepped aside stays there: the same may be told again. A person
            # of the office is known by the user.
            whose, _colon, rest = notice.recipient_key.partition(":")
            if whose in ("partner", OFFICIAL) and "#" not in rest:
                vals["recipient_key"] = f"{whose}:{dst_partner.id}"
            notice._take_key(**vals)
        self.env.flush_all()

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
