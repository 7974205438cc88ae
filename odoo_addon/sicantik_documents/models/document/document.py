"""A document's own fields, and how it is found."""

import uuid

from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools import compat

from ...wording import ending_sentence, upload_sentence


class SicantikDocument(models.Model):
    """A document of a permit, whose versions the worker keeps.

    Odoo says who may see it and what state it is in, the worker what its bytes are.
    """

    _name = "sicantik.document"
    _inherit = ["sicantik.owned.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "SICANTIK Document"
    _order = "id desc"
    _rec_names_search = ["name", "number"]
    _check_company_auto = True

    _people_fields = frozenset({"name", "type_id", "tag_ids"})

    name = fields.Char(required=True, tracking=True)
    number = fields.Char(required=True, readonly=True, copy=False)
    uuid = fields.Char(
        "Worker's Id", required=True, readonly=True, copy=False, index=True
    )
    permit_id = fields.Many2one(
        "sicantik.permit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    config_id = fields.Many2one(
        "sicantik.config",
        "Configuration",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    permit_number = fields.Char(related="permit_id.permit_number", related_sudo=False)
    registration_number = fields.Char(
        related="permit_id.registration_number", related_sudo=False
    )
    applicant_name = fields.Char(related="permit_id.applicant_name", related_sudo=False)
    permit_type_id = fields.Many2one(
        related="permit_id.permit_type_id", related_sudo=False
    )
    permit_status = fields.Selection(
        related="permit_id.status", related_sudo=False, string="Status of the Permit"
    )

    type_id = fields.Many2one(
        "sicantik.document.type",
        "Document Type",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    tag_ids = fields.Many2many(
        "sicantik.document.tag",
        "sicantik_document_tagged",
        "document_id",
        "tag_id",
        "Tags",
        check_company=True,
    )
    version_ids = fields.One2many(
        "sicantik.document.version", "document_id", readonly=True
    )
    current_version_id = fields.Many2one(
        "sicantik.document.version", readonly=True, copy=False
    )
    stage = fields.Selection(
        related="current_version_id.stage", related_sudo=False, store=True, index=True
    )
    pages = fields.Integer(
        related="current_version_id.pages", related_sudo=False, aggregator=None
    )
    size_text = fields.Char(related="current_version_id.size_text", related_sudo=False)

    is_waiting = fields.Boolean(
        "Waiting for the Worker",
        compute="_compute_is_waiting",
        search="_search_is_waiting",
        help="A file of it was uploaded while the worker was away. It is sealed and "
        "goes by itself.",
    )
    refusal = fields.Char("Refusal as a Code", readonly=True, copy=False)
    hint = fields.Char("About the Upload", compute="_compute_hint")

    compat.add_constraint(
        locals(), "uuid_uniq", "UNIQUE(uuid)", "This document exists already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Numbered by the year of the office's day; of the permit's company."""
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            permit = self.env["sicantik.permit"].browse(vals.get("permit_id"))
            if permit:
                vals.update(self._of_permit(permit))
                vals.setdefault("number", self._next_number(permit.config_id))
            vals.setdefault("uuid", str(uuid.uuid4()))
        return super().create(vals_list)

    @api.model
    def _of_permit(self, permit):
        """What a document has of its permit."""
        return {
            "permit_id": permit.id,
            "config_id": permit.config_id.id,
            "company_id": permit.company_id.id,
        }

    @api.model
    def _next_number(self, config):
        # sudo: sequences are for administrators, and of the configuration one field is
        # needed
        sequences, config = self.env["ir.sequence"].sudo(), config.sudo()
        config.fetch(["tz"])
        return sequences.next_by_code(self._name, sequence_date=config._today())

    @api.depends("version_ids")
    def _compute_is_waiting(self):
        waiting = self._uploads_of(self.ids).document_id
        for document in self:
            document.is_waiting = document._origin in waiting

    @api.model
    def _search_is_waiting(self, operator, value):
        is_in = compat.asks_for_true("is_waiting", operator, value)
        ids = self._uploads_of().document_id.ids
        return [("id", "in" if is_in else "not in", ids)]

    @api.model
    def _uploads_of(self, ids=None):
        """What waits, of the documents ``ids`` or of all; never its bytes."""
        # sudo: nobody may read what waits, only that something does
        uploads = self.env["sicantik.document.upload"].sudo()
        domain = [] if ids is None else [("document_id", "in", ids)]
        domain = [*domain, ("document_id.erase_ordered_at", "=", False)]
        return uploads.search_fetch(domain, ["document_id", "reason"])

    @api.depends("refusal", "is_waiting", "state", "erase_ordered_at", "erase_fault")
    @api.depends_context("lang")
    def _compute_hint(self):
        """Why its last file waits, or was not taken."""
        reasons = {
            upload.document_id.id: upload.reason
            for upload in self._uploads_of(self.ids)
        }
        for document in self:
            code = reasons.get(document._origin.id) or document.refusal
            document.hint = code and document._sentence(code)
            if document.erase_ordered_at and document.state != "erased":
                code = document.erase_fault or "erase_soon"
                document.hint = ending_sentence(self.env, code)

    def _sentence(self, code):
        return self._sentence_for(self.config_id, code)

    @api.model
    def _sentence_for(self, config, code):
        limits = (config.document_max_mib, config.document_max_pages)
        return upload_sentence(self.env, code, *limits)
