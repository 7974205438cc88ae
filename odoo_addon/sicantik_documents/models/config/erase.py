"""What the action *SICANTIK: Erase Documents* does: what was withdrawn long ago is to
be erased, and whatever is to be erased is erased at the worker."""

from datetime import timedelta
from functools import partial

from odoo import api, fields, models

from ...tools.files import UNKNOWN, erase

ERASE = "sicantik_documents.cron_erase_documents"
# Documents of one transaction.
AT_ONCE = 50
# Where something is left, it is tried again sooner than on the next day.
AGAIN = timedelta(hours=1)
# So long a file whose sending or answer was lost may still be on its way into the
# worker.
ON_ITS_WAY = timedelta(minutes=10)
# What the worker still does not know then is lost there.
LOST = timedelta(days=1)


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    @api.model
    def _cron_erase_documents(self):
        """Archived configurations, too: what was ordered is to go."""
        self._every_config()._one_by_one("_order_erasures", "_erase_documents")
        left = self.env["sicantik.document"]._to_be_erased()
        # sudo: of every company, whoever starts the action
        sent = self.env["sicantik.document.sent"].sudo()
        if left or sent.search_count([], limit=1):
            self.env.ref(ERASE).sudo()._trigger(fields.Datetime.now() + AGAIN)

    def _order_erasures(self):
        """Order what was withdrawn longer ago than the office keeps such documents;
        whether there may be more."""
        if not (self.document_keep_days and self.active and self._files_worker()):
            return False
        before = fields.Datetime.now() - timedelta(days=self.document_keep_days)
        documents = self.env["sicantik.document"].with_context(
            lang=self.company_id.partner_id.lang or self.env.lang
        )
        return documents._order_old_erasures(self, before, AT_ONCE) == AT_ONCE

    def _erase_documents(self):
        """Have the worker erase what is to be erased. No transaction is open while it
        is asked, and each answer is noted as soon as it came: whoever dies before that
        asks again, and is answered the same."""
        worker, found = self._repeatable(self._what_to_erase)
        for kept, uuid in found:
            answer = erase(worker, uuid)
            self._repeatable(partial(self._note_erasure, kept, answer))
            if not answer.heard:
                break
        documents = self.env["sicantik.document"]._to_be_erased(self)
        self._repeatable(documents._conclude_erasure)
        arrivals = self.env["sicantik.document.arrival"]
        return arrivals._has_more([kept for kept, _uuid in found])

    @api.model
    def _note_erasure(self, kept, answer):
        """What the worker answered of ``kept``: a version, or what may become one."""
        is_unknown = answer.code == UNKNOWN
        if kept._name == "sicantik.document.version":
            if is_unknown and kept.document_id._is_long_ordered(LOST):
                kept.document_id._note_lost(kept)
                return
        elif kept._name == "sicantik.document.arrival":
            # Whose document is erased: it may have been on its way just then.
            on_its_way = [
                ("config_id", "=", kept.config_id.id),
                ("erase_ordered_at", ">", fields.Datetime.now() - ON_ITS_WAY),
                ("version_ids.sha256", "=", kept.sha256),
            ]
            documents = self.env["sicantik.document"].sudo()
            if is_unknown and documents.search_count(on_its_way, limit=1):
                return
        kept._note_erasure(answer)

    def _what_to_erase(self):
        """``(worker, [(version or upload, uuid)])``, what was ordered first coming
        first."""
        worker = self._files_worker()
        documents = self.env["sicantik.document"]._to_be_erased(self)
        if not worker:
            return worker, []
        left = [
            kept
            for document in documents
            for kept in (
                *document.version_ids.filtered(lambda version: not version.erased_at),
                *document._all_uploads(),
            )
        ]
        # sudo: of the configuration, whoever starts the action
        files = self.env["sicantik.document.arrival"].sudo()._to_leave(self)
        # sudo: the same
        sent = self.env["sicantik.document.sent"].sudo()._to_leave(self)
        return worker, [
            *((kept, kept.uuid) for kept in left),
            *((file, file.version_uuid) for file in files),
            *((file, file.uuid) for file in sent),
        ]
