"""What a document is to the office: a draft, ready, or withdrawn. Withdrawn ones stay,
with who withdrew them, when and why."""

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.sicantik_connector.tools.actions import dialog
from odoo.addons.sicantik_connector.tools.constants import MANAGER
from odoo.addons.sicantik_connector.tools.rights import nothing_for_none, require_group

from ...tools.rights import require_operator


class SicantikDocument(models.Model):
    _inherit = "sicantik.document"

    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("ready", "Ready"),
            ("withdrawn", "Withdrawn"),
            ("erased", "Erased"),
        ],
        default="draft",
        required=True,
        readonly=True,
        index=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    withdrawn_reason = fields.Text("Why It Was Withdrawn", readonly=True, copy=False)
    withdrawn_by_id = fields.Many2one(
        "res.users", "Withdrawn by", readonly=True, copy=False
    )
    withdrawn_at = fields.Datetime("Withdrawn on", readonly=True, copy=False)

    @nothing_for_none
    def action_ready(self):
        """The office hands it out; operators only."""
        require_operator(self)
        for document in self:
            document._require_state("draft")
            if not document.current_version_id:
                raise UserError(
                    self.env._(
                        "“%(document)s” has no file yet, so it cannot be ready.",
                        document=document.name,
                    )
                )
        self._to_state("ready")
        return True

    @nothing_for_none
    def action_draft(self):
        """It is worked on again; operators only."""
        require_operator(self)
        for document in self:
            document._require_state("ready")
        self._to_state("draft")
        return True

    @nothing_for_none
    def action_withdraw(self):
        """Ask for the reason; operators only."""
        require_operator(self)
        for document in self:
            document._require_state("draft", "ready")
        name = (
            self.env._("Withdraw Documents")
            if len(self) > 1
            else self.env._("Withdraw Document")
        )
        context = {"default_document_ids": self.ids}
        return dialog(name, "sicantik.document.withdraw", context)

    def _withdraw(self, reason):
        """Keep them, but hand them out no more; operators only."""
        require_operator(self)
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the document is withdrawn."))
        for document in self:
            document._require_state("draft", "ready")
        self._to_state(
            "withdrawn",
            withdrawn_reason=reason,
            withdrawn_by_id=self.env.uid,
            withdrawn_at=fields.Datetime.now(),
        )
        for document in self:
            document._message_log(
                body=self.env._("Withdrawn. Reason: %(reason)s", reason=reason)
            )

    @nothing_for_none
    def action_take_back(self):
        """A withdrawal was a mistake: it is a draft again; managers only."""
        refusal = self.env._(
            "Only members of the group SICANTIK / Manager may take back a withdrawal. "
            "Ask one."
        )
        require_group(self, MANAGER, refusal, "write")
        for document in self:
            document._require_unerased()
            document._require_state("withdrawn")
            document._message_log(
                body=self.env._(
                    "The withdrawal was taken back. Its reason was: %(reason)s",
                    reason=document.withdrawn_reason,
                )
            )
        self._to_state(
            "draft", withdrawn_reason=False, withdrawn_by_id=False, withdrawn_at=False
        )
        return True

    def _require_state(self, *states):
        """UserError unless it is in one of ``states``."""
        self.ensure_one()
        if self.state not in states:
            label = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "“%(document)s” is %(state)s by now. Reload the page.",
                    document=self.name,
                    state=label[self.state],
                )
            )

    def _to_state(self, state, **values):
        # sudo: nobody writes the state by hand; the caller checked the group
        self.sudo().write({"state": state, **values})
