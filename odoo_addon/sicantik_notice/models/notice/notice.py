"""The notice's own fields; how many notices there are about a permit, to a contact, of
a configuration.
"""

from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools import compat
from odoo.addons.sicantik_connector.tools.constants import VIEWER
from odoo.addons.sicantik_connector.tools.counted import Counted

from ...wording import notice_reason

KINDS = [
    ("permit_expiring", "Permit Expires"),
    ("renewal_approved", "Renewal Approved"),
    ("status_update", "Status Changed"),
]
CHANNELS = [("email", "E-mail"), ("activity", "Told by the Office")]
STATES = [
    ("due", "Waiting"),
    ("sent", "Sent"),
    ("failed", "Failed"),
    ("skipped", "Skipped"),
    ("cancelled", "Cancelled"),
]
# Those that were skipped are told of when somebody takes the filter away.
NOTICES = Counted(
    "sicantik.notice",
    "sicantik_notice.sicantik_notice_action",
    terms=[("state", "!=", "skipped")],
    context={"search_default_not_skipped": 1},
)


class SicantikNotice(models.Model):
    """One thing to be told to one recipient, and what came of it.

    The only origin of everything that applicants are told. Made by the 09:00 action
    (``due.py``) and by ``_tell``; written by methods only.
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
    # No index of its own: the unique key below begins with it.
    permit_id = fields.Many2one("sicantik.permit", required=True, ondelete="cascade")
    step = fields.Integer(
        "Days Before", help="Days before the expiry date; 0 for an event."
    )
    event = fields.Char("Event as Key", required=True)
    expiry_date = fields.Date("Expires")
    facts = fields.Json("Facts of the Event")
    partner_id = fields.Many2one(
        "res.partner", "Recipient", index="btree_not_null", ondelete="set null"
    )
    user_id = fields.Many2one("res.users", "Told by", ondelete="set null")
    # Names the recipient when contacts are merged or deleted, too: partner:<id>,
    # user:<id>, or office. Never a foreign key: a merge of contacts deletes all rows of
    # a table whose unique key it violates.
    recipient_key = fields.Char("Recipient as Key", required=True)
    channel = fields.Selection(CHANNELS)
    state = fields.Selection(STATES, default="due", required=True, index=True)
    reason_code = fields.Char("Reason as Code")
    reason_detail = fields.Char("What Was Said")
    reason = fields.Char(compute="_compute_reason")
    address = fields.Char(help="Where it was sent. Erased after a while.")
    date_due = fields.Datetime("Due", required=True, index=True)
    date_sent = fields.Datetime("Sent on")
    mail_id = fields.Many2one(
        "mail.mail", "E-mail in the Queue", index="btree_not_null", ondelete="set null"
    )
    message = fields.Html(
        "What Was Written", compute="_compute_message", compute_sudo=True
    )

    compat.add_constraint(
        locals(),
        "once_uniq",
        "UNIQUE(permit_id, kind, event, step, recipient_key)",
        "This recipient already has this notice.",
    )

    @api.depends("kind", "permit_id")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for notice in self:
            about = labels.get(notice.kind, "")
            notice.display_name = f"{about} – {notice.permit_id.display_name or ''}"

    @api.depends("reason_code", "reason_detail")
    @api.depends_context("lang")
    def _compute_reason(self):
        for notice in self:
            notice.reason = notice_reason(
                notice.env, notice.reason_code, notice.reason_detail
            )

    @api.depends("mail_id")
    def _compute_message(self):
        """What was written, for as long as Odoo keeps the e-mail."""
        for notice in self:
            notice.message = notice.mail_id.body_html


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
