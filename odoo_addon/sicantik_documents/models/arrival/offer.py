"""What the worker calls: it offers the files that lie in its inbox, keeps the bytes
that are asked for, and hears what has become of them.

A file that comes again, because the worker was killed or an answer was lost, has the
same key, and hears the same.
"""

import uuid

from odoo import api, models

from odoo.addons.sicantik_connector.tools.landing import lock_rows

from ...tools.names import title_of
from ...wording import arrival_place
from ..document import Parcel
from .arrival import shown_name

OFFERED_AT_ONCE = 50
# What the worker is told; a file that waits for a person is taken, too.
OUTCOMES = {
    "imported": "imported",
    "unmatched": "unmatched",
    "dismissed": "unmatched",
    "double": "double",
    "refused": "refused",
}
LARGEST_INTEGER = 2**31 - 1
# Who brought a file, as the worker notes it.
BY = "inbox"


class SicantikDocumentArrival(models.Model):
    _inherit = "sicantik.document.arrival"

    @api.model
    def worker_settings(self):
        """What the office wants of its inbox; see docs/interfaces.md."""
        self.env["sicantik.config"]._require_worker()
        config = self._taking_config()
        return {
            "wanted": bool(config),
            "largest_mib": config.document_max_mib,
            "most_pages": config.document_max_pages,
            "allow_embedded": config.document_allow_embedded,
        }

    @api.model
    def offer(self, files):
        """Files that lie in the inbox: ``{"files": [DECISION]}``; see
        docs/interfaces.md."""
        self.env["sicantik.config"]._require_worker()
        config = self._taking_config()
        if not config:
            return {"files": []}
        model = self._of_worker(config)
        found = model.browse()
        for file in files[:OFFERED_AT_ONCE]:
            key = str(file["key"])
            known = model.search([("key", "=", key)], limit=1)
            if known.state == "double" and not known._to_keep():
                # What it was a double of has gone: it comes anew.
                known.key = f"{key} {known.id}"
                known.flush_recordset(["key"])
                known = model.browse()
            found += known or model.create(model._values_of(config, key, file))
        return {"files": [one._decision(one._to_keep()) for one in found]}

    @api.model
    def kept(self, keys):
        """The worker keeps the bytes of these files: ``{"files": [DECISION]}``."""
        self.env["sicantik.config"]._require_worker()
        model = self.env["sicantik.config"]._worker_env().env[self._name]
        found = model.search([("key", "in", keys[:OFFERED_AT_ONCE])], order="id")
        lock_rows(found)
        decisions = []
        for config, arrivals in found.grouped("config_id").items():
            # Those that know their permit first: another one may have the same bytes.
            known_first = arrivals.sorted(lambda one: not one.permit_id)
            for arrival in model._of_worker(config).browse(known_first.ids):
                arrival._land()
                decisions.append(arrival._decision())
        return {"files": decisions}

    @api.model
    def _taking_config(self):
        """The one configuration whose permits the inbox is for; none where several, or
        none, take it."""
        configs = self.env["sicantik.config"]._worker_env()
        found = configs.search([("document_inbox", "=", True), ("active", "=", True)])
        return found if len(found) == 1 else found.browse()

    @api.model
    def _of_worker(self, config):
        """This model for the worker's methods, in the language of the office."""
        configs = self.env["sicantik.config"]._worker_env()
        lang = config.company_id.partner_id.lang or self.env.lang
        return configs.with_context(lang=lang).env[self._name]

    @api.model
    def _values_of(self, config, key, file):
        """A file that was not offered before."""
        values = {
            "key": key,
            "name": shown_name(file["name"]),
            "config_id": config.id,
            "company_id": config.company_id.id,
            "sha256": file["sha256"] or False,
            "size": _count(file["size"]),
            "pages": _count(file["pages"]),
            "title": title_of(file["title"] or "") or False,
            "signatures": _count(file["signatures"]),
        }
        if file["refusal"]:
            return {**values, "state": "refused", "refusal": file["refusal"]}
        permits = self._permits_of(config, file["name"], file["text"])
        double = self._double(config, permits, file["sha256"])
        if double is not None:
            return {**values, "state": "double", "document_id": double.id}
        proposals = permits if len(permits) > 1 else permits.browse()
        return {
            **values,
            "permit_id": permits.id if len(permits) == 1 else False,
            "proposal_ids": [(0, 0, {"permit_id": permit.id}) for permit in proposals],
            "version_uuid": str(uuid.uuid4()),
            "document_uuid": str(uuid.uuid4()),
        }

    @api.model
    def _double(self, config, permits, sha256):
        """The document that the permit has of these bytes; where no permit was found,
        one of any permit, or an empty one where the same file waits for a person. None
        where it is new. What is on its way counts for nothing: maybe it is never
        kept."""
        documents = self.env["sicantik.document"]
        if len(permits) == 1:
            return documents._double_of(permits, sha256) or None
        if not permits and (known := self._known(config, sha256)):
            return known
        return documents if self._waiting(config, sha256) else None

    @api.model
    def _known(self, config, sha256):
        """A document of any permit of these bytes."""
        return self._versions(config, sha256)[:1].document_id

    @api.model
    def _versions(self, config, sha256):
        """What documents have of these bytes."""
        domain = [
            ("document_id.config_id", "=", config.id),
            ("document_id.erase_ordered_at", "=", False),
            ("sha256", "=", sha256),
        ]
        return self.env["sicantik.document.version"].search(domain)

    @api.model
    def _waiting(self, config, sha256):
        """The file of these bytes that waits for a person."""
        waiting = [
            ("config_id", "=", config.id),
            ("sha256", "=", sha256),
            ("state", "=", "unmatched"),
        ]
        return self.search(waiting, limit=1)

    def _land(self):
        """Its bytes are kept: a document of its permit, or one that waits."""
        self.ensure_one()
        if self.state != "arriving":
            return
        # Two that bring the same file at once: the second is repeated, and finds it.
        self.config_id._announce()
        permits = self.permit_id or self.proposal_ids.permit_id
        double = self._double(self.config_id, permits, self.sha256)
        if double is not None:
            self.write({"state": "double", "document_id": double.id})
            return
        if not self.permit_id:
            self.state = "unmatched"
            return
        document = self._make_document(self.permit_id, BY)
        if self.config_id.document_inbox_ready:
            document._to_state("ready")
        self.write({"state": "imported", "document_id": document.id})

    def _make_document(self, permit, by):
        """A document of ``permit`` of the bytes that the worker keeps; call with
        sudo."""
        documents = self.env["sicantik.document"]
        title = title_of(self.name) or self.env._("Document")
        document = documents.create(
            {"name": title, "permit_id": permit.id, "uuid": self.document_uuid}
        )
        facts = {name: self[name] for name in ("pages", "title", "signatures")}
        document._take_version(self._parcel(document, title, by), facts)
        return document

    def _parcel(self, document, title, by):
        return Parcel(
            **{**self._told(), "by": by},
            permit_id=document.permit_id.id,
            document_id=document.id,
            type_id=0,
            title=title,
        )

    def _told(self):
        """As of which version the worker keeps its bytes."""
        return {
            "version": self.version_uuid,
            "document": self.document_uuid,
            "number": 1,
            "stage": self._stage(),
            "size": self.size,
            "sha256": self.sha256,
            "by": BY,
        }

    def _stage(self):
        return "signed" if self.signatures else "original"

    def _to_keep(self):
        """As of which version the worker is to keep the bytes of a file that lies
        there: also of one that was taken before, since the worker may have lost them.
        None where nobody needs them."""
        if self.state in ("arriving", "unmatched"):
            return self._told()
        if self.state not in ("imported", "double"):
            return None
        found = self._versions(self.config_id, self.sha256)
        found = found.filtered(lambda one: one.document_id == self.document_id) or found
        found = found[:1] or self._waiting(self.config_id, self.sha256)
        return found._told() if found else None

    def _decision(self, told=None):
        """DECISION of docs/interfaces.md; ``told``: as of which version its bytes are
        to be kept first."""
        self.ensure_one()
        if not told:
            outcome, sentence = OUTCOMES[self.state], self._sentence_beside()
            return {
                **{"key": self.key, "outcome": outcome},
                **{"version": None, "sentence": sentence},
            }
        names = ("document", "number", "stage", "by")
        version = {"uuid": told["version"], **{name: told[name] for name in names}}
        return {"key": self.key, "outcome": None, "version": version, "sentence": ""}

    def _sentence_beside(self):
        """What stands beside the file, for who put it there."""
        where = arrival_place(self.env) if self.state == "unmatched" else ""
        return f"{self._sentence()} {where}".strip()


def _count(value):
    """A number that Odoo can keep."""
    return min(max(int(value), 0), LARGEST_INTEGER)
