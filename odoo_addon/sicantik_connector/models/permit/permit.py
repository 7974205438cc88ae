"""The permit's own fields, and which other permits carry the same number."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import compat
from ...tools.constants import NUMBERED, OPERATOR, SEPARATOR
from ...wording import flags_in_words


class SicantikPermit(models.Model):
    """A permit of SICANTIK. docs/fields.md names the owner of each field.

    Kept lean for the batches of the worker: no stored computed fields, the company
    and the flags are set by the methods that write the record.
    """

    _name = "sicantik.permit"
    _inherit = ["sicantik.owned.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "SICANTIK Permit"
    _order = "registered_month desc, id desc"
    _rec_names_search = ["permit_number", "registration_number", "applicant_name"]

    _people_fields = frozenset(
        (
            "status",
            "cancel_reason",
            "ending",
            "expiry_date",
            "issue_date",
            "notes",
            "partner_id",
        )
    )

    config_id = fields.Many2one(
        "sicantik.config", "Configuration", required=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True)
    identity = fields.Char(required=True)
    registration_number = fields.Char(index=True, required=True)
    permit_number = fields.Char()
    permit_type_id = fields.Many2one(
        "sicantik.permit.type", index=True, ondelete="restrict"
    )
    further_type_ids = fields.Many2many(
        "sicantik.permit.type",
        "sicantik_permit_further_type",
        "permit_id",
        "type_id",
        "Further Permit Types",
    )
    applicant_name = fields.Char("Applicant")
    applicant_key = fields.Char("Applicant for Comparing")
    applicant_ids = fields.One2many(
        "sicantik.permit.applicant", "permit_id", "Further Applicants"
    )
    registered_month = fields.Date(
        "Registered",
        help="Month and year in the application number; the day is always the first.",
    )
    received_date = fields.Date("Received")
    issue_date = fields.Date("Issued")
    expiry_date = fields.Date("Expires", index=True, tracking=True)
    expiry_source = fields.Selection(
        [("list", "List"), ("detail", "Detail"), ("manual", "Entered by Hand")],
        "Expiry From",
    )
    source_expiry_date = fields.Date("Expires in SICANTIK")
    source_expiry_origin = fields.Selection(
        [("list", "List"), ("detail", "Detail")], "SICANTIK's Expiry From"
    )
    status = fields.Selection(
        [
            ("draft", "In Process"),
            ("active", "Active"),
            ("expired", "Expired"),
            ("renewed", "Renewed"),
            ("cancelled", "Terminated"),
        ],
        default="draft",
        required=True,
        tracking=True,
        group_expand=True,
    )

    detail_state = fields.Selection(
        [
            ("never", "Not Asked Yet"),
            ("found", "Found"),
            ("no_expiry", "Details Without a Date"),
            ("no_data", "No Data"),
        ],
        default="never",
    )
    detail_checked_at = fields.Datetime("Detail Asked")
    detail_run_id = fields.Many2one(
        "sicantik.sync.run", "Asked by", index="btree_not_null"
    )
    detail_next_check = fields.Datetime("Detail Due", index=True)
    detail_misses = fields.Integer(aggregator=None)

    applicant_address = fields.Char()
    applicant_phone = fields.Char()
    whatsapp_number = fields.Char("WhatsApp", index="btree_not_null")
    whatsapp_state = fields.Selection(
        [
            ("mobile", "Mobile Number"),
            ("foreign", "Number of Another Country"),
            ("landline", "None: a landline"),
            ("service", "None: a service number"),
            ("invalid", "None: not a phone number"),
            ("none", "None: SICANTIK has no phone number"),
        ],
        "WhatsApp Number",
    )
    company_name = fields.Char()
    company_npwp = fields.Char("Company NPWP")
    company_address = fields.Char()
    company_phone = fields.Char()
    company_founded = fields.Date()
    district = fields.Char()
    village = fields.Char()
    regency = fields.Char()
    province = fields.Char()

    flag_codes = fields.Char("Flags as Codes")
    flag_text = fields.Char("Flags", compute="_compute_flag_text")
    is_flagged = fields.Boolean("Has Flags")
    list_flags = fields.Char("Flags of the List")
    detail_flags = fields.Char("Flags of the Detail")
    # For who mends them in SICANTIK.
    raw_values = fields.Json(groups=OPERATOR)
    list_hash = fields.Char("Fingerprint of the List")
    detail_hash = fields.Char("Fingerprint of the Detail")
    last_run_id = fields.Many2one(
        "sicantik.sync.run", "Last Changed by", index="btree_not_null"
    )
    notes = fields.Html()

    has_twin = fields.Boolean(
        "Number Given Twice",
        compute="_compute_has_twin",
        search="_search_has_twin",
        help="Another permit of the same SICANTIK has this number, too; blanks and "
        "capital letters do not count.",
    )

    compat.add_constraint(
        locals(),
        "config_identity_uniq",
        "UNIQUE(config_id, identity)",
        "This permit exists already in this configuration.",
    )

    @api.depends("flag_codes")
    @api.depends_context("lang")
    def _compute_flag_text(self):
        for permit in self:
            permit.flag_text = flags_in_words(permit.env, permit.flag_codes)

    @api.depends("permit_number", "registration_number", "applicant_name")
    @api.depends_context("sicantik_with_applicant")
    def _compute_display_name(self):
        for permit in self:
            names = [permit.permit_number or permit.registration_number]
            if self.env.context.get("sicantik_with_applicant"):
                names.append(permit.applicant_name)
            permit.display_name = " · ".join(filter(None, names))

    @api.depends("identity")
    def _compute_has_twin(self):
        twins = self.search([("id", "in", self.ids), ("has_twin", "=", True)])
        for permit in self:
            permit.has_twin = permit in twins

    @api.model
    def _search_has_twin(self, operator, value):
        """A domain on ``id``; the number for comparing is the identity's last part."""
        is_in = compat.asks_for_true("has_twin", operator, value)
        self.flush_model(["config_id", "identity"])
        twins = SQL(
            """(
                SELECT id FROM (
                    SELECT id, COUNT(*) OVER (
                        PARTITION BY config_id, split_part(identity, %s, 3)
                    ) AS permits
                    FROM sicantik_permit
                    WHERE starts_with(identity, %s)
                ) AS numbered
                WHERE permits > 1
            )""",
            SEPARATOR,
            NUMBERED,
        )
        return [("id", "in" if is_in else "not in", twins)]
