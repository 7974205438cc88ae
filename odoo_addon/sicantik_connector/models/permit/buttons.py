"""The buttons of a permit: what people decide, and what belongs to it."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.actions import dialog, form_of
from ...tools.counted import ISSUES, PERMITS, listed
from ...tools.rights import nothing_for_none


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    issue_count = fields.Integer(
        "Issues", compute="_compute_issue_count", aggregator=None
    )

    def _compute_issue_count(self):
        ISSUES.fill("issue_count", "permit_id", self)

    @nothing_for_none
    def action_mark_renewed(self):
        """Ask which permit is the new one; operators only."""
        self.ensure_one()
        self._require_operator()
        self._require_open()
        self._check_renewal(self.browse())
        return dialog(
            self.env._("Mark as Renewed"),
            "sicantik.permit.renewal",
            {"default_permit_id": self.id},
        )

    def action_cancel_permits(self):
        """Ask for the reason; operators only."""
        self._require_operator()
        if not self:
            raise UserError(self.env._("Choose the permits to cancel first."))
        self._require_open()
        return dialog(
            self.env._("Cancel Permits")
            if len(self) > 1
            else self.env._("Cancel Permit"),
            "sicantik.permit.cancel",
            {"default_permit_ids": self.ids},
        )

    def action_reopen(self):
        """Take a decision back; operators only."""
        self._reopen()
        return True

    @nothing_for_none
    def action_view_renewals(self):
        """Open the whole line of renewals, the oldest permit first."""
        self.ensure_one()
        view = self.env.ref("sicantik_connector.sicantik_permit_view_list_renewals")
        name = self.env._("Renewals of %s", self.display_name)
        return listed(
            self.env,
            PERMITS.action,
            [("id", "in", self._renewal_lines()[self.id])],
            name=name,
            display_name=name,
            view_mode="list,form",
            views=[(view.id, "list"), (False, "form")],
        )

    def action_view_issues(self):
        """Open what runs could not take over of this permit."""
        return ISSUES.open("permit_id", self)

    def action_view_run(self):
        """Open the run that last changed this permit."""
        return self._open_form(self.last_run_id)

    def action_view_contact(self):
        """Open the contact of this permit."""
        return self._open_form(self.partner_id)

    @api.model
    def _open_form(self, record):
        if not record:
            return False
        record.ensure_one()
        return form_of(record)
