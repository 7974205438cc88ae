"""What the office allows in a file."""

from odoo import api, fields, models

RANGES = {"document_max_mib": (1, 200), "document_max_pages": (1, 10_000)}
# Where it is not 0: a month, in which a withdrawal may be taken back, to a century.
KEPT_DAYS = (30, 36_500)


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    document_max_mib = fields.Integer(
        "Largest File",
        default=32,
        tracking=True,
        help="MiB of a document at most, 1 to 200. A proxy before Odoo has a limit of "
        "its own.",
    )
    document_max_pages = fields.Integer(
        "Most Pages",
        default=1000,
        tracking=True,
        help="Pages of a document at most, 1 to 10,000.",
    )
    document_allow_embedded = fields.Boolean(
        "Allow Embedded Files",
        tracking=True,
        help="Takes PDFs that have other files inside. Whoever opens such a PDF may "
        "open these, too.",
    )

    document_keep_days = fields.Integer(
        "Keep Withdrawn Documents",
        default=0,
        tracking=True,
        help="Days after which a withdrawn document is erased for good, 30 to 36,500. "
        "0: withdrawn documents are never erased by themselves.",
    )

    @api.model
    def _people_may_write(self, name):
        own = (*RANGES, "document_allow_embedded", "document_keep_days")
        return name in own or super()._people_may_write(name)

    @api.constrains(*RANGES)
    def _check_document_ranges(self):
        for config in self:
            for name, (low, high) in RANGES.items():
                if config[name] < low:
                    remedy = self.env._("Give %(low)s or more.", low=low)
                    raise config._refusal(name, remedy)
                if config[name] > high:
                    remedy = self.env._("Give %(high)s or less.", high=high)
                    raise config._refusal(name, remedy)

    @api.constrains("document_keep_days")
    def _check_document_keep_days(self):
        low, high = KEPT_DAYS
        for config in self.filtered("document_keep_days"):
            if not low <= config.document_keep_days <= high:
                remedy = self.env._(
                    "Give 0, so that none is erased, or %(low)s to %(high)s days.",
                    low=low,
                    high=high,
                )
                raise config._refusal("document_keep_days", remedy)
