"""How a file comes in: where it may go, how it is sealed, and what the worker's answer
makes of it. Nothing of it can be called over RPC.

The order of events: rights, limits and doubles are looked at; the file is sealed and
sent while no transaction is open; only then a document and its version are written, in
one transaction. That it is sent was committed before, so that nothing stays at the
worker that Odoo does not note (``upload/sent.py``). A worker that took the file
although its answer was lost gives the same answer when the same version comes again.
"""

import uuid
from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.sicantik_connector.tools.constants import OPERATOR
from odoo.addons.sicantik_connector.tools.landing import lock_rows

from ...tools.files import AWAY, KEPT, REFUSED
from ...tools.names import title_of
from ..version import STAGES

# A file on its way, in plain values; ids are 0 where there is none.
Parcel = namedtuple(
    "Parcel",
    [
        *("version", "document", "number", "stage", "size", "sha256", "by"),
        *("permit_id", "document_id", "type_id", "title"),
    ],
)


class SicantikDocument(models.Model):
    _inherit = "sicantik.document"

    @api.model
    def _place(self, permit_id, document_id):
        """``(permit, document)`` for a new file: a new document of the permit, or a new
        version of a document. AccessError for who may not upload there, and just so
        where there is no such record; UserError where none can go there now."""
        document = self.browse(document_id).exists()
        # sudo: in one statement, and of its many fields those that are looked at; the
        # rights are asked below
        permits = self.env["sicantik.permit"].sudo().with_context(active_test=False)
        permit = document.sudo().permit_id or permits.search_fetch(
            [("id", "=", permit_id)], ["config_id", "company_id"], order="id"
        )
        refusal = self.env._(
            "There is no such permit or document, or you may not upload to it: that is "
            "for the group SICANTIK / Operator of its company."
        )
        if not permit or (document_id and not document):
            raise AccessError(refusal)
        permit = permit.with_env(self.env)
        may = self.env.su or self.env.user.has_group(OPERATOR)
        if not (may and permit.has_access("write") and document.has_access("write")):
            raise AccessError(refusal)
        if document:
            document._require_room()
        return permit, document

    def _require_room(self):
        """UserError where a new version cannot come now."""
        self._require_state("draft", "ready")
        if self.is_waiting:
            raise UserError(
                self.env._(
                    "A file of “%(document)s” still waits for the worker. Upload the "
                    "next version when it has arrived.",
                    document=self.name,
                )
            )

    @api.model
    def _refuse_double(self, permit, sha256):
        """UserError where the permit has a document with the same bytes: they are one
        document."""
        found = self._double_of(permit, sha256)
        if found.state == "withdrawn":
            raise UserError(
                self.env._(
                    "This permit has this very file already: %(number)s, "
                    "“%(document)s”, which was withdrawn. A manager can take that "
                    "back there. Nothing was uploaded.",
                    number=found.number,
                    document=found.name,
                )
            )
        if found:
            raise UserError(
                self.env._(
                    "This permit has this very file already: %(number)s, "
                    "“%(document)s”. Nothing was uploaded.",
                    number=found.number,
                    document=found.name,
                )
            )

    @api.model
    def _double_of(self, permit, sha256):
        """The document that the permit has of these bytes, in superuser mode; empty
        where it has none."""
        bytes_of = self._bytes_of(permit, sha256)
        # sudo: what waits, too, which nobody may read; the permit's rights were checked
        for name in ("sicantik.document.version", "sicantik.document.upload"):
            found = self.env[name].sudo().search(bytes_of, limit=1).document_id
            if found:
                return found
        return self.browse()

    @api.model
    def _bytes_of(self, permit, sha256):
        """The domain of what a permit has of these bytes."""
        return [
            ("document_id.permit_id", "=", permit.id),
            ("document_id.erase_ordered_at", "=", False),
            ("sha256", "=", sha256),
        ]

    @api.model
    def _pack_again(self, permit, sha256):
        """The Parcel of the version that the permit has of these very bytes, or None: a
        worker that lost them takes them in anew."""
        # sudo: the permit's rights were checked
        versions = self.env["sicantik.document.version"].sudo()
        found = versions.search(self._bytes_of(permit, sha256), limit=1)
        if not found:
            return None
        return self._parcel_of(found, self.env.user.login, found.original_filename)

    @api.model
    def _parcel_of(self, kept, by, title):
        """The Parcel of ``kept``: a version, or what waits to become one."""
        document = kept.document_id
        return Parcel(
            version=kept.uuid,
            document=document.uuid,
            number=kept.number,
            stage=kept.stage,
            size=kept.size,
            sha256=kept.sha256,
            by=by,
            permit_id=document.permit_id.id,
            document_id=document.id,
            type_id=document.type_id.id or 0,
            title=title,
        )

    @api.model
    def _pack(self, permit, document, type_id, stage, name, size, sha256):
        """The Parcel of a file; UserError when its type or stage is unknown."""
        kinds = self.env["sicantik.document.type"]
        of_company = ("company_id", "in", [False, permit.company_id.id])
        known = not type_id or kinds.search_count([("id", "=", type_id), of_company])
        if stage not in dict(STAGES) or not known:
            raise UserError(
                self.env._("There is no such document type or stage. Reload the page.")
            )
        return Parcel(
            version=str(uuid.uuid4()),
            document=document.uuid or str(uuid.uuid4()),
            number=document._next_version(),
            stage=stage,
            size=size,
            sha256=sha256,
            by=self.env.user.login,
            permit_id=permit.id,
            document_id=document.id or 0,
            type_id=type_id,
            title=title_of(name) or self.env._("Document"),
        )

    @api.model
    def _head(self, config, parcel):
        """What the worker is told of a file, sealed; docs/interfaces.md."""
        told = ("version", "document", "number", "stage", "size", "sha256", "by")
        # sudo: limits are no secret
        config = config.sudo()
        config.fetch(["document_max_pages", "document_allow_embedded"])
        return {
            **{name: getattr(parcel, name) for name in told},
            "most_pages": config.document_max_pages,
            "allow_embedded": config.document_allow_embedded,
        }

    def _next_version(self):
        return max(self.sudo().version_ids.mapped("number"), default=0) + 1

    @api.model
    def _note(self, parcel, answer, sealed):
        """What the worker answered, written down: ``{"state", "sentence",
        "document"}``. UserError where nothing is kept."""
        permit, document = self._place(parcel.permit_id, parcel.document_id)
        if answer.outcome == REFUSED:
            raise UserError(self._sentence_for(permit.config_id, answer.code))
        if not self.env["sicantik.document.sent"]._end(parcel.version):
            raise UserError(self.env._("The file has just gone. Upload it again."))
        # Two that bring the same file at once: the second is repeated, and finds it.
        permit.config_id.sudo()._announce()
        self._refuse_double(permit, parcel.sha256)
        if document:
            document._require_room()
        # sudo: nobody makes documents by hand; _place has checked the rights.
        # Untracked: that it came in is said with its version.
        owned = self.sudo().with_context(tracking_disable=True)
        document = document.sudo() or owned.create(
            {
                "name": parcel.title,
                "permit_id": permit.id,
                "type_id": parcel.type_id or False,
                "uuid": parcel.document,
            }
        )
        if answer.outcome == AWAY:
            owned.env["sicantik.document.upload"]._keep(document, parcel, sealed)
        else:
            document._take_version(parcel, answer.facts)
        return {
            "state": "waiting" if answer.outcome == AWAY else KEPT,
            "sentence": self._sentence_for(permit.config_id, answer.code)
            if answer.outcome == AWAY
            else self.env._("Uploaded as %(number)s.", number=document.number),
            "document": document.id,
        }

    def _take_version(self, parcel, facts):
        """The worker has the file: it is the current version."""
        self.ensure_one()
        lock_rows(self)
        values = {
            "document_id": self.id,
            "uuid": parcel.version,
            # Two versions may have been on their way at once.
            "number": max(parcel.number, self._next_version()),
            "stage": parcel.stage,
            "size": parcel.size,
            "sha256": parcel.sha256,
            "original_filename": parcel.title,
            "pages": _count(facts.get("pages")),
            "title": title_of(str(facts.get("title") or "")) or False,
            "signatures": _count(facts.get("signatures")),
            "uploaded_at": fields.Datetime.now(),
            "uploaded_by_id": self.env.uid,
        }
        version = self.env["sicantik.document.version"].create(values)
        self.write({"current_version_id": version.id, "refusal": False})
        self._message_log(
            body=self.env._(
                "Version %(number)s came in: %(name)s, %(pages)s pages, %(size)s.",
                number=version.number,
                name=version.original_filename,
                pages=version.pages,
                size=version.size_text,
            )
        )
        if self.state == "ready":
            # sudo: whoever brings a file in need not see notices
            self.sudo().permit_id._tell_ready()


def _count(value):
    """A number of the worker's answer; 0 where it is none that Odoo can keep."""
    return value if isinstance(value, int) and 0 <= value < 2**31 else 0
