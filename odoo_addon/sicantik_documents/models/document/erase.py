"""A document is erased: its files at the worker, its name and what was written about
it. Its number, its hashes and its dates stay.

What Odoo has of it goes in the transaction of the order, which nothing takes back. Its
files go when the worker is asked (``config/erase.py``): nothing is told as erased that
the worker did not confirm.
"""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sicantik_connector.tools.actions import dialog
from odoo.addons.sicantik_connector.tools.constants import MANAGER
from odoo.addons.sicantik_connector.tools.landing import lock_rows
from odoo.addons.sicantik_connector.tools.rights import nothing_for_none, require_group

from ..config import ERASE, ON_ITS_WAY


class SicantikDocument(models.Model):
    _inherit = "sicantik.document"

    erase_ordered_at = fields.Datetime(
        "Erasure Ordered on", readonly=True, copy=False, index="btree_not_null"
    )
    erased_by_id = fields.Many2one("res.users", "Erased by", readonly=True, copy=False)
    erased_reason = fields.Text("Why It Was Erased", readonly=True, copy=False)
    erased_at = fields.Datetime("Erased on", readonly=True, copy=False)
    erase_fault = fields.Char("Why It Is Not Erased Yet", readonly=True, copy=False)

    @nothing_for_none
    def action_erase(self):
        """Ask for the reason; managers only."""
        self._require_may_erase()
        context = {"default_document_ids": self.ids}
        return dialog(self.env._("Erase Documents"), "sicantik.document.erase", context)

    def _require_may_erase(self):
        """AccessError unless a manager may write them; UserError where nothing is left
        to be erased, or there is no worker to be asked."""
        refusal = self.env._(
            "Only members of the group SICANTIK / Manager may erase documents. Ask one."
        )
        require_group(self, MANAGER, refusal, "write")
        if not self.filtered(lambda document: not document.erase_ordered_at):
            raise UserError(self.env._("There is no document that is not erased yet."))
        for config in self.config_id:
            config._require_files_worker()

    def _erase(self, reason):
        """Erase these for good; managers only."""
        self._require_may_erase()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the documents are erased."))
        self._order_erasure(reason)
        # sudo: scheduled actions are for administrators
        self.env.ref(ERASE).sudo()._trigger()

    def _order_erasure(self, reason):
        """Erase what Odoo has of them, and note that their files are to go; the caller
        has checked the rights. Without a reason the office's time is over."""
        # sudo: nobody writes these by hand. Untracked: it would keep the names.
        owned = self.sudo().with_context(tracking_disable=True)
        lock_rows(owned)
        owned = owned.filtered(lambda document: not document.erase_ordered_at)
        # What is just on its way to the worker is waited for.
        lock_rows(owned._all_uploads())
        now = fields.Datetime.now()
        for document in owned:
            values = {} if document.state == "withdrawn" else {"withdrawn_at": now}
            document.write(
                {
                    **values,
                    "state": "withdrawn",
                    "name": document.number,
                    "withdrawn_reason": False,
                    "refusal": False,
                    "erase_ordered_at": now,
                    "erased_by_id": bool(reason) and self.env.uid,
                    "erased_reason": reason,
                }
            )
        owned._forget_address()
        owned.version_ids.write({"title": False, "original_filename": False})
        owned._all_uploads().write({"title": False, "sealed": False, "reason": "erase"})
        owned._erase_words()
        owned._erase_arrivals()
        for document in owned:
            document._message_log(
                body=self.env._(
                    "To be erased: its files, its name and what was written about it. "
                    "Reason: %(reason)s",
                    reason=reason,
                )
                if reason
                else self.env._(
                    "To be erased: its files, its name and what was written about it. "
                    "It was withdrawn as long ago as the office keeps such documents."
                )
            )
        owned._conclude_erasure()

    def _all_uploads(self):
        """What waits of them, and what is left of it while they are erased."""
        uploads = self.env["sicantik.document.upload"].sudo()
        return uploads.search_fetch([("document_id", "in", self.ids)], ["uuid"])

    def _erase_words(self):
        """What people and Odoo wrote about them may name somebody; who wrote something
        when stays."""
        on_these = [("res_id", "in", self.ids)]
        of_these = [("model", "=", self._name), *on_these]
        messages = self.env["mail.message"].search(of_these)
        # Those that are done are archived.
        activities = self.env["mail.activity"].with_context(active_test=False)
        activities = activities.search([("res_model", "=", self._name), *on_these])
        planned = self.env["mail.scheduled.message"].search(of_these)
        kept = self.env["ir.attachment"]
        for records in (self, activities, planned):
            named = [("res_model", "=", records._name), ("res_id", "in", records.ids)]
            kept |= kept.search(named)
        kept |= messages.attachment_ids | activities.attachment_ids
        (kept | planned.attachment_ids).unlink()
        activities.unlink()
        planned.unlink()
        translated = self.env["mail.message.translation"]
        translated.search([("message_id", "in", messages.ids)]).unlink()
        mails = self.env["mail.mail"]
        mails.search([("mail_message_id", "in", messages.ids)]).unlink()
        messages = messages.exists()
        named = messages.tracking_value_ids.filtered(
            lambda value: value.field_id.name == "name"
        )
        named.unlink()
        gone = Markup("<p>%s</p>") % self.env._(
            "What stood here was erased with the document."
        )
        values = {"subject": False}
        if messages._fields["record_name"].store:
            values["record_name"] = False
        messages.write(values)
        messages.filtered("body").write({"body": gone})

    def _erase_arrivals(self):
        """The names of the files that they came by, and of the same files where they
        are no document; what of these waits for a person waits no more."""
        arrivals = self.env["sicantik.document.arrival"]
        came = [("document_id", "in", self.ids)]
        for arrival in arrivals.search(came):
            arrival.write({"name": arrival.document_id.number, "title": False})
        for document in self:
            copies = arrivals.search(
                [*document._of_same_bytes(), ("document_id", "=", False)]
            )
            copies.write({"name": document.number, "title": False})
            waiting = copies.filtered(
                lambda one: one.state in ("arriving", "unmatched")
            )
            waiting._decide("dismissed")
        arrivals._forget_names(self.permit_id)

    def _of_same_bytes(self):
        """Terms for files of the inbox, and for those on their way, that are the
        same."""
        kept = (*self.version_ids, *self._all_uploads())
        return [
            ("config_id", "=", self.config_id.id),
            ("sha256", "in", [one.sha256 for one in kept]),
        ]

    def _has_copies(self):
        """Whether the worker may still have the same file, of the inbox or of an upload
        that came to nothing, which is to be erased there."""
        to_leave = [("version_uuid", "!=", False)]
        to_leave += [
            ("state", "in", ("dismissed", "double")),
            ("erased_at", "=", False),
        ]
        arrivals = self.env["sicantik.document.arrival"]
        if arrivals.search_count([*self._of_same_bytes(), *to_leave], limit=1):
            return True
        sent = self.env["sicantik.document.sent"]
        return bool(sent.search_count(self._of_same_bytes(), limit=1))

    def _conclude_erasure(self):
        """Where the worker has nothing of them any more, they are erased."""
        left = self._all_uploads().document_id
        for document in self - left:
            if not all(document.version_ids.mapped("erased_at")):
                continue
            if document._has_copies():
                continue
            document.with_context(tracking_disable=True).write(
                {
                    "state": "erased",
                    "erased_at": fields.Datetime.now(),
                    "erase_fault": False,
                }
            )
            document._message_log(
                body=self.env._(
                    "Erased. Its number, and the hashes and dates of its versions, "
                    "stay."
                )
            )

    def _require_unerased(self):
        """UserError where it is erased, or to be erased."""
        for document in self:
            if document.erase_ordered_at:
                raise UserError(
                    self.env._(
                        "%(number)s was erased. Its number, and the hashes and dates "
                        "of its versions, stay; its files cannot be brought back.",
                        number=document.number,
                    )
                )

    @api.model
    def _to_be_erased(self, config=None):
        """Documents, of a configuration or of all, that are not erased yet."""
        of_config = [("config_id", "=", config.id)] if config else []
        ordered = [("erase_ordered_at", "!=", False), ("state", "!=", "erased")]
        return self.sudo().search([*of_config, *ordered], order="erase_ordered_at, id")

    def _is_long_ordered(self, time=ON_ITS_WAY):
        """Whether its erasure was ordered longer ago than ``time``; by itself: whether
        nothing of it can be on its way to the worker any more."""
        return self.erase_ordered_at < fields.Datetime.now() - time

    def _note_lost(self, version):
        """The worker does not know a version, and has not for long."""
        version.erased_at = fields.Datetime.now()
        self._message_log(
            body=self.env._(
                "The worker did not erase version %(number)s, for it has not known it "
                "for more than a day: it was lost there before, or the worker's "
                "database came back from an earlier day. In that case an "
                "administrator takes away what is left with “sicantik files verify "
                "--remove-orphans” on the worker's server.",
                number=version.number,
            )
        )
        self._conclude_erasure()

    @api.model
    def _order_old_erasures(self, config, before, most):
        """Order what was withdrawn before ``before``; how many these are."""
        found = self.sudo().search(
            [
                ("config_id", "=", config.id),
                ("state", "=", "withdrawn"),
                ("erase_ordered_at", "=", False),
                ("withdrawn_at", "<", before),
            ],
            order="withdrawn_at, id",
            limit=most,
        )
        found._order_erasure(False)
        return len(found)
