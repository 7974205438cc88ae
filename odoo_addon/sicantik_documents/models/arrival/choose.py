"""What a person makes of a file that found no permit, or several."""

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.sicantik_connector.tools.actions import form_of
from odoo.addons.sicantik_connector.tools.landing import lock_rows
from odoo.addons.sicantik_connector.tools.rights import nothing_for_none

from ...tools.names import file_name
from ...tools.preview import preview
from ...tools.rights import require_operator
from ..config import ERASE


class SicantikDocumentArrival(models.Model):
    _inherit = "sicantik.document.arrival"

    def write(self, vals):
        """A permit is chosen while nobody has decided."""
        if not self.env.su:
            self._require_undecided()
        return super().write(vals)

    @nothing_for_none
    def action_preview(self):
        """Open it in Odoo's viewer."""
        self.ensure_one()
        self.check_access("read")
        if not self._has_bytes():
            raise UserError(self.env._("The worker keeps no copy of this file."))
        return preview(file_name(self.name), self._address(), self.sha256)

    def _has_bytes(self):
        """Whether the worker keeps it by itself: not yet, or no more, as a document."""
        return self.state == "unmatched"

    @nothing_for_none
    def action_attach(self):
        """It is a document of the permit that was chosen; operators only."""
        self.ensure_one()
        if not self.permit_id:
            raise UserError(self.env._("Choose the permit first."))
        return self._attach(self.permit_id)

    def _attach(self, permit):
        """Make a document of ``permit`` of it; operators only."""
        require_operator(self)
        self._require_undecided()
        documents = self.env["sicantik.document"]
        permit, _none = documents._place(permit.id, 0)
        if permit.config_id != self.config_id:
            raise UserError(self.env._("That permit is of another configuration."))
        # sudo: nobody writes it by hand. Of two that bring the same file at once the
        # second is repeated, and finds it.
        self.config_id.sudo()._announce()
        self._refuse_attached(documents._double_of(permit, self.sha256))
        # sudo: nobody makes documents by hand; the rights were checked
        document = self.sudo()._make_document(permit, self.env.user.login)
        self._decide("imported", permit_id=permit.id, document_id=document.id)
        return form_of(documents.browse(document.id))

    def _refuse_attached(self, double):
        """UserError where its permit has the document ``double`` of these bytes."""
        names = {"number": double.number, "document": double.name}
        if double.state == "withdrawn":
            raise UserError(
                self.env._(
                    "This permit has this very file already: %(number)s, "
                    "“%(document)s”, which was withdrawn. A manager can take that "
                    "back there. Nothing was attached.",
                    **names,
                )
            )
        if double:
            raise UserError(
                self.env._(
                    "This permit has this very file already: %(number)s, "
                    "“%(document)s”. Nothing was attached; press Not Needed, if that "
                    "is all.",
                    **names,
                )
            )

    @nothing_for_none
    def action_dismiss(self):
        """The office does not need these; operators only."""
        require_operator(self)
        self._require_undecided()
        self._decide("dismissed")
        # sudo: scheduled actions are for administrators
        self.env.ref(ERASE).sudo()._trigger()
        return True

    def _decide(self, state, **values):
        # sudo: nobody writes the state by hand; the caller checked the group
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
                **values,
            }
        )

    def _require_undecided(self):
        """UserError unless all of these still wait for a person."""
        lock_rows(self)
        for arrival in self:
            if arrival.state != "unmatched":
                raise UserError(
                    self.env._(
                        "“%(file)s” was decided already. Reload the page.",
                        file=arrival.name,
                    )
                )


class SicantikDocumentArrivalProposal(models.Model):
    _inherit = "sicantik.document.arrival.proposal"

    @nothing_for_none
    def action_choose(self):
        """It is this permit's; operators only."""
        self.ensure_one()
        return self.arrival_id._attach(self.permit_id)
