"""The page of data quality and what it counts, a query or two for each section."""

from collections import Counter

from odoo import api, fields, models

from ..wording import flag_labels


class SicantikDataQuality(models.TransientModel):
    """How complete and how sound the permits of a configuration are. Each figure comes
    with the domain that it counts, so that a click opens just those permits."""

    _name = "sicantik.data.quality"
    _inherit = "sicantik.mixin"
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

    def _coverage(self):
        """How many of the active and expired permits have what they should have."""
        domain, labels = self._of_valid(), self._coverage_labels()
        counted = [f"{name}:count" for name in labels]
        [[total, *counts]] = self.env["sicantik.permit"]._read_group(
            domain, [], ["__count", *counted]
        )
        lines = [
            {
                **self._line(name, labels[name], count, [*domain, (name, "!=", False)]),
                "rest": total - count,
                "rest_domain": [*domain, (name, "=", False)],
            }
            for name, count in zip(labels, counts, strict=True)
            if total
        ]
        title = self.env._("Active and Expired Permits Have")
        return self._section("coverage", title, total, lines)

    @api.model
    def _coverage_labels(self):
        """``{field: words}`` of what a valid permit should have; each is a column that
        is empty without it."""
        return {
            "expiry_date": self.env._("Expiry Date"),
            "permit_type_id": self.env._("Permit Type"),
            "applicant_name": self.env._("Applicant"),
            "applicant_phone": self.env._("Phone Number"),
            "whatsapp_number": self.env._("WhatsApp Number"),
            "partner_id": self.env._("Contact"),
        }

    def _without_date(self):
        """Why the expiry date of an active or expired permit is not known."""
        permits = self.env["sicantik.permit"]
        domain = [*self._of_valid(), ("expiry_date", "=", False)]
        counts = dict(permits._read_group(domain, ["detail_state"], ["__count"]))
        lines = [
            self._line(
                state, label, counts[state], [*domain, ("detail_state", "=", state)]
            )
            for state, label in self._answer_labels().items()
            if state in counts
        ]
        title = self.env._("Without an Expiry Date, by SICANTIK's Answer")
        return self._section("without_date", title, sum(counts.values()), lines)

    @api.model
    def _answer_labels(self):
        """``{detail state: what SICANTIK answered}``, of permits without a date."""
        states = self.env["sicantik.permit"]._fields["detail_state"]
        return {
            **dict(states._description_selection(self.env)),
            "no_expiry": self.env._("It has details, and their date is empty"),
            "no_data": self.env._("It has no details of the permit"),
        }

    def _bad_values(self, total):
        """What could not be taken as SICANTIK has it, by its kind."""
        groups = self.env["sicantik.permit"]._read_group(
            [*self._of_config(), ("flag_codes", "!=", False)],
            ["flag_codes"],
            ["__count"],
        )
        counts = Counter()
        for codes, count in groups:
            counts.update(dict.fromkeys(codes.split(","), count))
        labels = flag_labels(self.env)
        lines = [
            self._line(
                code,
                labels.get(code, code).capitalize(),
                count,
                [*self._of_config(), *_with_code(code)],
            )
            for code, count in counts.most_common()
        ]
        title = self.env._("Values That Could Not Be Taken")
        return self._section("bad_values", title, total, lines)

    def _oddities(self, total):
        """What is wrong with the permit as a whole."""
        missing, twins = ("missing_since", "!=", False), ("has_twin", "=", True)
        lines = [
            self._oddity(
                "missing", missing, self.env._("Not in SICANTIK's list any more")
            ),
            self._oddity(
                "twins", twins, self.env._("The same number in several applications")
            ),
        ]
        title = self.env._("Permits to Look At")
        return self._section("oddities", title, total, lines)

    def _oddity(self, code, term, label):
        domain = [*self._of_config(), term]
        count = self.env["sicantik.permit"].search_count(domain)
        return self._line(code, label, count, domain)


def _with_code(code):
    """Domain of the permits with that flag among their ``flag_codes``."""
    safe = code.replace("_", r"\_")
    patterns = (safe, f"{safe},%", f"%,{safe}", f"%,{safe},%")
    return ["|"] * 3 + [("flag_codes", "=like", pattern) for pattern in patterns]
