"""The page that says where documents are kept, as the worker tells it now. Nothing can
be changed there: the place is in the worker's configuration."""

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from odoo.addons.sicantik_connector.tools.rights import nothing_for_none

from ...tools.files import look
from ...wording import storage_sentence

UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
SWITCHES = [("on", "On"), ("off", "Off"), ("unknown", "Not Told")]


class SicantikDocumentStorage(models.TransientModel):
    """The worker is asked each time that the page is read; it answers in seconds."""

    _name = "sicantik.document.storage"
    _inherit = "sicantik.mixin"
    _description = "Where Documents Are Kept"

    config_id = fields.Many2one(
        "sicantik.config",
        "Configuration",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env["sicantik.data.quality"]._default_config(),
    )
    state = fields.Selection(
        [
            ("ready", "Ready"),
            ("full", "Nearly Full"),
            ("away", "Not Usable"),
            ("silent", "Not Known"),
        ],
        compute="_compute_told",
    )
    hint = fields.Char("What to Do", compute="_compute_told")
    kind = fields.Selection(
        [("folder", "Folder"), ("s3", "Bucket (S3)")],
        "Kept in",
        compute="_compute_told",
    )
    place = fields.Char(compute="_compute_told")
    documents = fields.Integer(compute="_compute_told")
    versions = fields.Integer(compute="_compute_told")
    size_text = fields.Char("Size", compute="_compute_told")
    free_text = fields.Char("Free", compute="_compute_told")
    versioning = fields.Selection(
        SWITCHES, "Bucket Versioning", compute="_compute_told"
    )
    object_lock = fields.Selection(SWITCHES, compute="_compute_told")
    largest_text = fields.Char("Largest File", compute="_compute_told")
    asked_at = fields.Datetime("Asked at", compute="_compute_told")
    waiting_count = fields.Integer(
        "Waiting for the Worker", compute="_compute_waiting_count"
    )

    @api.depends("config_id")  # so that a form that is not saved has it, too
    @api.depends_context("lang")
    def _compute_display_name(self):
        for page in self:
            page.display_name = self.env._("Storage")

    @api.depends("config_id")
    @api.depends_context("lang")
    def _compute_told(self):
        """Ask the worker; nothing for who may not see the configuration."""
        for page in self:
            config = page.config_id
            told = code = None
            if config and config.has_access("read"):
                worker = config._files_worker()
                told, code = look(worker) if worker else (None, "no_worker")
            page.update(page._values(told or {}, code))
            page.asked_at = fields.Datetime.now() if told else False

    def _values(self, told, code):
        """The fields of ``_compute_told``; ``code``: why nothing was told."""
        room, bucket = told.get("total_bytes"), told.get("kind") == "s3"
        size = bool(told) and self._size(told["bytes"])
        return {
            "state": self._state(told),
            "hint": self._hint(told, code),
            "kind": told.get("kind"),
            "place": told.get("name"),
            "documents": told.get("documents", 0),
            "versions": told.get("versions", 0),
            "size_text": size,
            "free_text": bool(room) and self._free(told["free_bytes"], room),
            "versioning": bucket and self._switch(told.get("versioning")),
            "object_lock": bucket and self._switch(told.get("object_lock")),
            "largest_text": bool(told) and self._largest(told["largest_mib"]),
        }

    @api.model
    def _state(self, told):
        if not told:
            return "silent"
        if told["state"] != "ready":
            return "away"
        return "full" if told["is_nearly_full"] else "ready"

    def _hint(self, told, code):
        """What to do about the place, in the reader's language."""
        state = self._state(told)
        if state == "away":
            return storage_sentence(self.env, "away", told.get("reason") or "")
        if state == "ready":
            return False
        return storage_sentence(self.env, "full" if told else code or "silent")

    @api.model
    def _switch(self, value):
        return "unknown" if value is None else "on" if value else "off"

    @api.model
    def _size(self, count):
        """``count`` bytes in a unit that people read."""
        unit = 0
        while count >= 1024 and unit < len(UNITS) - 1:
            count, unit = count / 1024, unit + 1
        amount = formatLang(self.env, count, digits=1 if unit else 0)
        return f"{amount} {UNITS[unit]}"

    @api.model
    def _free(self, free, total):
        return self.env._(
            "%(free)s of %(total)s (%(percent)s %%)",
            free=self._size(free),
            total=self._size(total),
            percent=100 * free // max(total, 1),
        )

    def _largest(self, worker):
        """Whichever is smaller counts: the office's limit or the worker's."""
        office = self.config_id.document_max_mib
        if worker < office:
            return self.env._(
                "%(worker)s MiB, because the worker takes no more (files.largest_mib); "
                "the office allows %(office)s MiB",
                worker=worker,
                office=office,
            )
        return f"{office} MiB"

    @api.depends("config_id")
    @api.depends_context("allowed_company_ids")
    def _compute_waiting_count(self):
        documents = self.env["sicantik.document"]
        for page in self:
            page.waiting_count = documents.search_count(page._waiting())

    def _waiting(self):
        return [("config_id", "=", self.config_id.id), ("is_waiting", "=", True)]

    @nothing_for_none
    def action_ask(self):
        """Ask the worker again: the page is read anew."""
        self.check_access("read")
        return True

    @nothing_for_none
    def action_view_waiting(self):
        """Open the documents that wait for the worker."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sicantik_documents.sicantik_document_action"
        )
        return {
            **action,
            "name": self.env._("Waiting for the Worker"),
            "domain": self._waiting(),
            "context": {"search_disable_custom_filters": True},
        }
