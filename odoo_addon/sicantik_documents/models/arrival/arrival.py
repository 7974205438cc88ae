"""A file of the worker's inbox, and what became of it."""

from urllib.parse import quote

from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools import compat

from ...tools.names import file_name
from ...tools.sizes import size_text
from ...wording import arrival_sentence

STATES = [
    ("arriving", "On Its Way"),
    ("unmatched", "Unmatched"),
    ("imported", "Imported"),
    ("double", "Double"),
    ("refused", "Refused"),
    ("dismissed", "Not Needed"),
]


class SicantikDocumentArrival(models.Model):
    """The worker offers each file by a key; Odoo says which version it is to keep, and
    makes a document of it when it was kept."""

    _name = "sicantik.document.arrival"
    _inherit = "sicantik.owned.mixin"
    _description = "SICANTIK Inbox File"
    _order = "id desc"
    _check_company_auto = True

    _people_fields = frozenset({"permit_id"})

    key = fields.Char("Worker's Key", required=True, readonly=True, copy=False)
    name = fields.Char("File", required=True, readonly=True)
    config_id = fields.Many2one(
        "sicantik.config",
        "Configuration",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="arriving", index=True
    )
    arrived_at = fields.Datetime(
        "Arrived on", required=True, readonly=True, default=fields.Datetime.now
    )
    sha256 = fields.Char("SHA-256", readonly=True, index=True)
    size = fields.Integer("Bytes", readonly=True, aggregator=None)
    size_text = fields.Char("Size", compute="_compute_size_text")
    pages = fields.Integer(readonly=True, aggregator=None)
    title = fields.Char("Title in the File", readonly=True)
    signatures = fields.Integer(
        "Signatures in the File", readonly=True, aggregator=None
    )
    refusal = fields.Char("Refusal as a Code", readonly=True)
    version_uuid = fields.Char("Version's Id", readonly=True, copy=False)
    document_uuid = fields.Char("Document's Id", readonly=True, copy=False)
    permit_id = fields.Many2one(
        "sicantik.permit",
        "Its Permit",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    proposal_ids = fields.One2many(
        "sicantik.document.arrival.proposal", "arrival_id", readonly=True
    )
    document_id = fields.Many2one(
        "sicantik.document",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="What it became, or what its permit had already.",
    )
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True)
    decided_at = fields.Datetime("Decided on", readonly=True)
    hint = fields.Char("What Became of It", compute="_compute_hint")

    compat.add_constraint(
        locals(), "key_uniq", "UNIQUE(key)", "This file was offered before."
    )

    @api.depends("size")
    @api.depends_context("lang")
    def _compute_size_text(self):
        for arrival in self:
            arrival.size_text = size_text(self.env, arrival.size)

    @api.depends("state", "refusal", "document_id", "proposal_ids", "decided_at")
    @api.depends_context("lang", "uid")
    def _compute_hint(self):
        for arrival in self:
            arrival.hint = arrival._sentence()

    def _sentence(self):
        """What became of it, and what to do, for who reads it here or beside the
        file."""
        self.ensure_one()
        config = self.config_id
        # sudo: number only, of the same company
        document = self.sudo().document_id
        return arrival_sentence(
            self.env,
            self.state,
            decided=bool(self.decided_at),
            document=document.number,
            permit=document.permit_id.display_name,
            proposals=len(self.proposal_ids),
            refusal=self.refusal,
            limits=(config.document_max_mib, config.document_max_pages),
        )

    def _address(self):
        """Where its bytes are, for who may see it."""
        self.ensure_one()
        name = quote(file_name(str(self.id)), safe="")
        return f"/sicantik/documents/arrivals/{self.id}/{name}"


class SicantikDocumentArrivalProposal(models.Model):
    """A permit whose number stands in an inbox file, among others."""

    _name = "sicantik.document.arrival.proposal"
    _inherit = "sicantik.owned.mixin"
    _description = "SICANTIK Inbox Proposal"
    _order = "id"

    arrival_id = fields.Many2one(
        "sicantik.document.arrival", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="arrival_id.company_id", related_sudo=False)
    state = fields.Selection(related="arrival_id.state", related_sudo=False)
    permit_id = fields.Many2one(
        "sicantik.permit", required=True, index=True, ondelete="cascade"
    )
    applicant_name = fields.Char(related="permit_id.applicant_name", related_sudo=False)
    permit_type_id = fields.Many2one(
        related="permit_id.permit_type_id", related_sudo=False
    )
    permit_status = fields.Selection(
        related="permit_id.status", related_sudo=False, string="Status of the Permit"
    )


def shown_name(name):
    """A file's name for people, with its ending: no control characters, nothing that
    turns the direction of writing."""
    return "".join(c if c.isprintable() else "�" for c in str(name)).strip() or "?"
