from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import NO_ACCESS

from ..tools import compat
from ..tools.constants import VIEWER
from ..tools.contacts import npwp_key, phone_key
from ..tools.counted import PERMITS


class ResPartner(models.Model):
    """A contact: its permits, its WhatsApp number, and the keys by which a sync finds
    it in one query."""

    _name = "res.partner"
    _inherit = ["res.partner", "sicantik.log.mixin"]

    whatsapp_number = fields.Char(
        "WhatsApp",
        index="btree_not_null",
        tracking=True,
        help="With country code, for example +6283601000123. "
        "A number that begins with 0 is taken as Indonesian.",
    )
    sicantik_permit_ids = fields.One2many(
        "sicantik.permit",
        "partner_id",
        "SICANTIK Permits",
        domain=lambda self: self._check_permits_visible(),
        groups=VIEWER,
    )
    sicantik_permit_count = fields.Integer(
        "Permits", compute="_compute_sicantik_permit_count", groups=VIEWER
    )
    sicantik_npwp_key = fields.Char(
        "NPWP for Comparing",
        compute="_compute_sicantik_npwp_key",
        store=True,
        index="btree_not_null",
        groups=NO_ACCESS,
    )
    sicantik_phone_key = fields.Char(
        "Phone for Comparing",
        compute="_compute_sicantik_phone_keys",
        store=True,
        index="btree_not_null",
        groups=NO_ACCESS,
    )
    # Empty where Odoo has one telephone number only.
    sicantik_mobile_key = fields.Char(
        "Mobile for Comparing",
        compute="_compute_sicantik_phone_keys",
        store=True,
        index="btree_not_null",
        groups=NO_ACCESS,
    )

    def _check_permits_visible(self):
        """No further domain. AccessError for who may not see permits: Odoo 18 lets
        anybody look for contacts that have some."""
        self.env["sicantik.permit"].check_access("read")
        return []

    @api.depends("vat")
    def _compute_sicantik_npwp_key(self):
        for partner in self:
            partner.sicantik_npwp_key = npwp_key(partner.vat)

    @api.depends(*compat.PARTNER_PHONES)
    def _compute_sicantik_phone_keys(self):
        for partner in self:
            keys = [phone_key(partner[name]) for name in compat.PARTNER_PHONES]
            partner.sicantik_phone_key = keys[0]
            partner.sicantik_mobile_key = keys[1] if len(keys) > 1 else False

    def _compute_sicantik_permit_count(self):
        PERMITS.fill("sicantik_permit_count", "partner_id", self)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_whatsapp(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean_whatsapp(vals))

    def unlink(self):
        """A permit whose contact is deleted is as one that never had any: a sync may
        find another. A contact that a person removed from the permit stays removed.
        """
        # sudo: who may delete a contact need not see its permits
        permits = self.env["sicantik.permit"].sudo()
        permits.search([("partner_id", "in", self.ids)]).partner_source = False
        return super().unlink()

    @api.model
    def _clean_whatsapp(self, vals):
        """``vals`` with the number in E.164; ValidationError when it is none."""
        if not vals.get("whatsapp_number"):
            return vals
        # A call over RPC may bring a number of JSON.
        number = phone_key(str(vals["whatsapp_number"]))
        if not number:
            raise ValidationError(
                self.env._(
                    "“%(number)s” is not a WhatsApp number. Give one number with its "
                    "country code, for example +6283601000123.",
                    number=vals["whatsapp_number"],
                )
            )
        return {**vals, "whatsapp_number": number}

    def _sicantik_phones(self):
        """The contact's numbers in E.164, as a set."""
        self.ensure_one()
        numbers = (
            self.sicantik_phone_key,
            self.sicantik_mobile_key,
            self.whatsapp_number,
        )
        return {number for number in numbers if number}

    def action_view_sicantik_permits(self):
        """Open the contact's permits."""
        return PERMITS.open("partner_id", self)
