"""How many notices there are about a permit, to a contact, of a configuration."""

from odoo import fields, models

from ..tools.constants import VIEWER


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    notice_count = fields.Integer("Notices", compute="_compute_notice_count")

    def _compute_notice_count(self):
        counts = self.env["sicantik.notice"]._count_by("permit_id", self)
        for permit in self:
            permit.notice_count = counts.get(permit.id, 0)


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    notice_count = fields.Integer("Notices", compute="_compute_notice_count")

    def _compute_notice_count(self):
        counts = self.env["sicantik.notice"]._count_by("config_id", self)
        for config in self:
            config.notice_count = counts.get(config.id, 0)


class ResPartner(models.Model):
    _inherit = "res.partner"

    sicantik_notice_count = fields.Integer(
        "Notices", compute="_compute_sicantik_notice_count", groups=VIEWER
    )

    def _compute_sicantik_notice_count(self):
        counts = self.env["sicantik.notice"]._count_by("partner_id", self)
        for partner in self:
            partner.sicantik_notice_count = counts.get(partner.id, 0)


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    def _count_by(self, name, records):
        """``{id: number of notices}`` that the user may see, without skipped ones: as
        many as the list shows that a click opens."""
        domain = [(name, "in", records.ids), ("state", "!=", "skipped")]
        groups = self._read_group(domain, [name], ["__count"])
        return {record.id: count for record, count in groups}
