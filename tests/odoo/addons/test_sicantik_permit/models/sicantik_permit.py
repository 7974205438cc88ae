from odoo import api, fields, models


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    ending = fields.Selection(
        selection_add=[("moved", "Moved Away")],
        # The kinds of the connector stay when this addon goes; its own one becomes one.
        ondelete={"moved": lambda permits: permits.write({"ending": "cancelled"})},
    )
    shelf = fields.Char(help="Where the paper file stands.")
    paper_ids = fields.One2many("test.sicantik.paper", "permit_id", "Papers")

    @api.model
    def _people_may_write(self, name):
        return name == "shelf" or super()._people_may_write(name)

    def _after_status_change(self, old_status):
        result = super()._after_status_change(old_status)
        self.env["test.sicantik.status.log"].create(
            [
                {
                    "permit_id": permit.id,
                    "old_status": old_status,
                    "new_status": permit.status,
                }
                for permit in self
            ]
        )
        return result

    def _absorb(self, others):
        """Papers of the others are this permit's now; lines of their log go."""
        others.paper_ids.permit_id = self
        return super()._absorb(others)

    def action_make_paper(self):
        """Make a paper for each of these permits; operators only."""
        self._require_operator()
        # sudo: papers are made by this method only; the group was checked above
        self.env["test.sicantik.paper"].sudo().create(
            [{"permit_id": permit.id, "name": permit.display_name} for permit in self]
        )
        return True
