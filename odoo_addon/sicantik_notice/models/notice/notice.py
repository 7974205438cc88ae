"""The notice's own fields and what it is about; how many notices there are about a
permit, to a contact, of a configuration.
"""

from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools import compat
from odoo.addons.sicantik_connector.tools.constants import VIEWER
from odoo.addons.sicantik_connector.tools.counted import Counted
from odoo.addons.sicantik_connector.tools.rights import nothing_for_none

from ...wording import notice_reasons

PERMIT = "sicantik.permit"
APPLICANT, STAFF, OFFICIAL = "applicant", "staff", "official"

KINDS = [
    ("permit_expiring", "Permit Expires"),
    ("renewal_approved", "Renewal Approved"),
    ("status_update", "Status Changed"),
    ("permit_ready", "Permit Ready"),
    ("document_pending", "Documents to Be Signed"),
    ("approval_required", "Approval Needed"),
    ("reminder", "Documents Not Processed Yet"),
]
CHANNELS = [("email", "E-mail"), ("activity", "Told by the Office")]
RECIPIENTS = [
    (APPLICANT, "Applicant"),
    (STAFF, "Person of the Office"),
    (OFFICIAL, "Official"),
]
STATES = [
    ("due", "Waiting"),
    ("unknown", "Unknown"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("read", "Read"),
    ("failed", "Failed"),
    ("skipped", "Skipped"),
    ("cancelled", "Cancelled"),
]
# Those of which nobody knows yet whether the recipient has it.
HANDED_OVER = ("sent", "unknown")
# Notices of one transaction: each makes an e-mail or an activity, about 20 ms.
SENT_AT_ONCE = 100
# Those in which a notice may have reached the recipient, the surest last.
GONE_OUT = ("unknown", "sent", "delivered", "read")
# Those that were skipped are told of when somebody takes the filter away.
NOTICES = Counted(
    "sicantik.notice",
    "sicantik_notice.sicantik_notice_action",
    terms=[("state", "!=", "skipped")],
    context={"search_default_not_skipped": 1},
)


class SicantikNotice(models.Model):
    """One thing to be told to one recipient, and what came of it.

    The only origin of everything that people are told. Made by the 09:00 action and by
    ``_tell`` (``due.py``), and by ``_tell_people`` (``people.py``); written by methods
    only.
    """

    _name = "sicantik.notice"
    _inherit = "sicantik.owned.mixin"
    _description = "SICANTIK Notice"
    _order = "date_due desc, id desc"
    _rec_names_search = ["permit_id", "partner_id"]

    config_id = fields.Many2one(
        "sicantik.config", "Configuration", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    kind = fields.Selection(KINDS, "About", required=True)
    # What it is about; of a record that was deleted the notice stays, as history.
    res_model = fields.Char("Model of the Record", required=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True)
    record_name = fields.Char("About What", compute="_compute_record_name")
    # The permit that it is about, or that the record belongs to.
    permit_id = fields.Many2one(
        "sicantik.permit", index="btree_not_null", ondelete="cascade"
    )
    permit_ids = fields.Many2many("sicantik.permit", string="Permits of the Summary")
    step = fields.Integer(
        "Days Before",
        default=0,
        required=True,
        help="Days before the expiry date; 0 for an event.",
    )
    event = fields.Char("Event as Key", required=True)
    expiry_date = fields.Date("Expires")
    facts = fields.Json("Facts of the Event")
    recipient_type = fields.Selection(
        RECIPIENTS, "To Whom", default=APPLICANT, required=True
    )
    recipient_user_id = fields.Many2one(
        "res.users", "Person of the Office", ondelete="set null"
    )
    partner_id = fields.Many2one(
        "res.partner", "Recipient", index="btree_not_null", ondelete="set null"
    )
    user_id = fields.Many2one("res.users", "Told by", ondelete="set null")
    # Names the recipient when contacts are merged or deleted, too: of an applicant
    # partner:<id>, or user:<id> or office without a contact; staff:<id of the user>,
    # official:<id of the contact>. Never a foreign key: a merge of contacts deletes all
    # rows of a table whose unique key it violates.
    recipient_key = fields.Char("Recipient as Key", required=True)
    channel = fields.Selection(CHANNELS)
    state = fields.Selection(STATES, default="due", required=True, index=True)
    reason_code = fields.Char("Reason as Code")
    reason_detail = fields.Char("What Was Said")
    reason = fields.Char(compute="_compute_reason")
    technical_detail = fields.Char("Technical Details", compute="_compute_reason")
    address = fields.Char(help="Where it was sent. Erased after a while.")
    date_due = fields.Datetime("Due", required=True, index=True)
    date_sent = fields.Datetime("Sent on")

    compat.add_constraint(
        locals(),
        "once_uniq",
        "UNIQUE(res_model, res_id, kind, event, step, recipient_key)",
        "This recipient already has this notice.",
    )

    @api.depends("kind", "record_name")
    @api.depends_context("lang", "uid")
    def _compute_display_name(self):
        for notice in self:
            about = notice._kind_label()
            notice.display_name = f"{about} – {notice.record_name or ''}"

    def _kind_label(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return labels.get(self.kind, "")

    @api.depends("res_model", "res_id")
    @api.depends_context("lang", "uid")
    def _compute_record_name(self):
        """Of records that are still there and that the reader may see."""
        for model, notices in self.grouped("res_model").items():
            names = {}
            if model in self.env:
                records = self.env[model].browse(notices.mapped("res_id")).exists()
                seen = records._filtered_access("read")
                names = {record.id: record.display_name for record in seen}
            for notice in notices:
                notice.record_name = names.get(notice.res_id, False)

    @api.model
    def _about(self, record):
        """The values of a notice that is about ``record``."""
        values = {"res_model": record._name, "res_id": record.id}
        if record._name == PERMIT:
            values["permit_id"] = record.id
        return values

    def _record(self):
        """What the notice is about; empty when it was deleted."""
        self.ensure_one()
        if self.res_model == PERMIT:
            return self.permit_id
        if self.res_model not in self.env:  # its addon was uninstalled
            return self.browse()
        return self.env[self.res_model].browse(self.res_id).exists()

    def _permits(self):
        """The permits that it tells of: several in a summary."""
        return self.permit_ids or self.permit_id

    def _chatter(self, user=None):
        """Where what was sent stands and activities are made: on the record if it has a
        place for both, and ``user`` may see it; else on the permit, or on the
        configuration."""
        record = self._record()
        own = {"activity_ids", "message_ids"} <= record._fields.keys()
        seen = not user or record.with_user(user).has_access("read")
        return (own and seen and record) or self.permit_id or self.config_id

    @nothing_for_none
    def action_open_record(self):
        """Open what the notice is about, where the reader may see it."""
        self.ensure_one()
        record = self._record()._filtered_access("read")
        return bool(record) and record.get_formview_action()

    @api.depends("reason_code", "reason_detail", "trial")
    @api.depends_context("lang")
    def _compute_reason(self):
        """What a person said stands in the sentence; what a machine said, in whatever
        language, beside it."""
        known, personal = self._notice_reasons(), self._said_by_people()
        for notice in self:
            code, detail = notice.reason_code, notice.reason_detail
            unknown = self.env._("No explanation of “%s” is known here.", code)
            reason = code and known.get(code, unknown)
            said = f"({detail})" if detail and code in personal else None
            trial = notice.trial and known["trial"]
            notice.reason = " ".join(filter(None, (trial, reason, said)))
            notice.technical_detail = not said and detail

    @api.model
    def _notice_reasons(self):
        """``{code: sentence}`` in the reader's language: why a notice was not sent, and
        what to do about it. An addon adds its own codes."""
        return notice_reasons(self.env)

    @api.model
    def _said_by_people(self):
        """The codes with which a person's own words come: a name, a note. An addon adds
        its own."""
        return {"called", "by_hand"}


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    notice_count = fields.Integer("Notices", compute="_compute_notice_count")

    def _compute_notice_count(self):
        NOTICES.fill("notice_count", "permit_id", self)

    def action_view_notices(self):
        """Open what is told about these permits."""
        return NOTICES.open("permit_id", self)


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    notice_count = fields.Integer("Notices", compute="_compute_notice_count")

    def _compute_notice_count(self):
        NOTICES.fill("notice_count", "config_id", self)

    def action_view_notices(self):
        """Open the notices of these configurations."""
        return NOTICES.open("config_id", self)


class ResPartner(models.Model):
    _inherit = "res.partner"

    sicantik_notice_count = fields.Integer(
        "Notices", compute="_compute_sicantik_notice_count", groups=VIEWER
    )

    def _compute_sicantik_notice_count(self):
        NOTICES.fill("sicantik_notice_count", "partner_id", self)

    def action_view_sicantik_notices(self):
        """Open what these contacts are told."""
        return NOTICES.open("partner_id", self)
