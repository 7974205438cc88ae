from odoo import api, fields, models


class SicantikDataQuality(models.TransientModel):
    """How complete and how sound the permits of a configuration are. Each figure comes
    with the domain that it counts, so that a click opens just those permits."""

    _name = "sicantik.data.quality"
    _description = "Data Quality"

    config_id = fields.Many2one(
        "sicantik.config",
        "Configuration",
        required=True,
        ondelete="cascade",
        default=lambda self: self._default_config(),
    )
    report = fields.Json(compute="_compute_report")

    @api.model
    def _default_config(self):
        """The configuration of the user's company, else the first one."""
        configs = self.env["sicantik.config"].with_context(active_test=False)
        own = [("company_id", "=", self.env.company.id)]
        return configs.search(own, order="active desc, id", limit=1) or configs.search(
            [], order="active desc, id", limit=1
        )

    @api.depends("config_id")  # so that a form that is not saved has it, too
    @api.depends_context("lang")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._("Data Quality")

    @api.depends("config_id")
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_report(self):
        """``{"permits": int, "sections": [{"code", "title", "total", "lines":
        [LINE]}]}``; LINE = ``{"code", "label", "count", "domain"}``, of coverage with
        ``"rest", "rest_domain"``: those that lack it."""
        for wizard in self:
            permits = self.env["sicantik.permit"].search_count(wizard._of_config())
            sections = permits and [
                wizard._coverage(),
                wizard._without_date(),
                wizard._bad_values(permits),
                wizard._oddities(permits),
            ]
            wizard.report = {
                "permits": permits,
                "sections": [part for part in sections or [] if part["lines"]],
            }

    def _of_config(self):
        return [("config_id", "=", self.config_id.id)]

    def _of_valid(self):
        return [*self._of_config(), ("status", "in", ("active", "expired"))]

    @api.model
    def _section(self, code, title, total, lines):
        return {"code": code, "title": title, "total": total, "lines": lines}

    @api.model
    def _line(self, code, label, count, domain):
        return {"code": code, "label": label, "count": count, "domain": domain}
