"""An applicant with several permits due at once gets one e-mail, or one call.

Each permit keeps its own notice, and with it what became of it and *Send Again*. One of
them, about the permit that ends first, leads; the further ones go with it and have the
same e-mail or activity.
"""

from datetime import date

from odoo import api, fields, models

from ...tools.notice_words import FURTHER, TRIAL_TEXT, permit_words
from .notice import APPLICANT, PERMIT
from .texts import NAMED, in_one_line


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    lead_id = fields.Many2one(
        "sicantik.notice",
        "Told Together With",
        index="btree_not_null",
        ondelete="set null",
    )
    further_ids = fields.One2many(
        "sicantik.notice", "lead_id", "Told in the Same Message"
    )
    # By which the notices of one applicant are found; empty: it goes out alone.
    together_key = fields.Char("Recipient of One Message", index="btree_not_null")
    # For the layout of e-mails: whatever the text of the office, they stand below it.
    further_heading = fields.Char(compute="_compute_further")
    further_items = fields.Text("Further Permits", compute="_compute_further")
    trial_words = fields.Char(compute="_compute_further")
    # For a channel whose message has no room for a line each.
    together_count = fields.Integer(
        "Number of Permits Told Together", compute="_compute_together"
    )
    together_items = fields.Char(
        "Permits Told Together in Words", compute="_compute_together"
    )

    def _compute_further(self):
        for notice in self:
            language = notice.language
            notice.further_heading = notice._by_kind("_further_heading")
            notice.further_items = "\n".join(
                further._by_kind("_further_words")
                for further in notice.further_ids._by_end()
            )
            name = notice.recipient_name or notice.applicant_name or "–"
            text = TRIAL_TEXT[language].format(name=name)
            notice.trial_words = notice.trial and text

    def _further_heading_default(self):
        """What stands above the further permits, in the notice's language."""
        return FURTHER[self.language]

    def _further_words_default(self):
        """This permit in a line, where it is a further one."""
        return permit_words(
            self.permit_type_name,
            self.permit_number,
            self.expiry_words,
            self.days_left,
            self.language,
        )

    def _compute_together(self):
        for notice in self:
            told = notice._together()._by_end()
            notice.together_count = len(told)
            notice.together_items = in_one_line(
                (one.permit_type_name, one.permit_number, one.expiry_words)
                for one in told[:NAMED]
            )

    def _together_key(self):
        """What the notices have in common that one message tells of: kind and
        applicant, by the contact, also one that is archived or was deleted, else by
        what makes two permits mean one."""
        if self.recipient_type != APPLICANT or not self._by_kind("_goes_together"):
            return False
        whose, _colon, deleted = self.recipient_key.partition("#")[0].partition(":")
        contact_id = (self.partner_id or self.permit_id.partner_id).id
        if not contact_id and whose == "partner":
            contact_id = deleted
        if contact_id:
            return f"{self.kind} contact {contact_id}"
        known = self.permit_id and self.permit_id._contact_identity()
        return " ".join((self.kind, *known)) if known and all(known) else False

    def _companions(self):
        """The other notices that are due now and have the same recipient."""
        keys = set(self.mapped("together_key")) - {False}
        if not keys:
            return self.browse()
        return self.search(
            [
                ("config_id", "in", self.config_id.ids),
                ("state", "=", "due"),
                ("date_due", "<=", fields.Datetime.now()),
                ("together_key", "in", list(keys)),
                ("id", "not in", self.ids),
            ],
            order="date_due, id",
        )

    def _groups(self):
        """``[notices]`` of one message each, what ends first before the rest."""
        groups = {}
        for notice in self:
            recipient = notice._together_key() or notice.id
            key = notice.config_id, notice.channel, recipient
            groups.setdefault(key, []).append(notice)
        nobody = self.browse()
        return [nobody.union(*group)._by_end() for group in groups.values()]

    def _first_groups(self, number):
        """About ``number`` of these; none without those of the same message."""
        first = self.browse()
        for group in self._groups():
            if len(first) >= number:
                break
            first |= group
        return first

    def _by_end(self):
        """What ends first, first."""
        return self.sorted(lambda notice: (notice.expiry_date or date.max, notice.id))

    def _together(self):
        """All of the sending that this notice leads."""
        return self | self.further_ids

    def _lead(self):
        """The first of these leads the others, and nothing else."""
        lead, further = self[:1], self[1:]
        (self.further_ids - further).lead_id = False
        lead.lead_id = False
        further.lead_id = lead

    def _log_together(self):
        """The further permits say where the message stands."""
        lang = self.config_id.user_id.lang or self.env.lang
        for notice in self.further_ids.with_context(lang=lang):
            notice._chatter()._message_log(
                body=notice.env._(
                    "The applicant is told together with permit %s; see there.",
                    self.permit_number,
                )
            )

    @api.model
    def _waiting_on(self, permits):
        """The notices about other permits whose message stands on one of ``permits``
        and has not gone out, or was not done, yet."""
        gone = permits.ids
        return self.search(
            [
                ("permit_id", "not in", gone),
                ("state", "in", ("sent", "unknown")),
                *("|", "&", "&"),
                *(("mail_id.model", "=", PERMIT), ("mail_id.res_id", "in", gone)),
                ("mail_id.state", "=", "outgoing"),
                *("&", "&", ("activity_id.res_model", "=", PERMIT)),
                ("activity_id.res_id", "in", gone),
                ("activity_id.active", "=", True),
            ]
        )


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    def unlink(self):
        """With a permit goes its chatter: what still stood there for other permits of
        the applicant is told again."""
        # sudo: who may delete permits may not write notices
        waiting = self.env["sicantik.notice"].sudo()._waiting_on(self)
        result = super().unlink()
        for notice in waiting.exists():
            notice._end("due")
            notice.date_due = notice.config_id._notice_time()
        waiting.exists()._wake_action()
        return result
