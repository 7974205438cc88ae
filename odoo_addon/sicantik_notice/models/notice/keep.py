"""What becomes of notices afterwards.

Two may become the same one: contacts are merged, permits become one. Nobody is told
twice, and no notice is lost: the one that got furthest keeps the place, the other stays
under a key of its own and is not sent any more.

What was written, and to where, is erased after a while; that it was sent stays.
"""

from datetime import timedelta

from odoo import api, fields, models

from .notice import GONE_OUT, PERMIT

# The states of which the first keeps the place.
FURTHEST = (*reversed(GONE_OUT), "due", "failed", "cancelled", "skipped")

# Notices of one transaction, as for runs: their e-mails and messages go with them.
ERASED_AT_ONCE = 500


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    def _take_key(self, **vals):
        """Write ``vals``, among them parts of the unique key, where another notice may
        have that key already."""
        self.ensure_one()
        names = ("res_model", "res_id", "recipient_key")
        key = {name: vals.get(name, self[name]) for name in names}
        rival = self.search(
            [
                ("id", "!=", self.id),
                ("kind", "=", self.kind),
                ("event", "=", self.event),
                ("step", "=", self.step),
                *[(name, "=", value) for name, value in key.items()],
            ]
        )
        if rival:
            loser = (rival | self).sorted(lambda n: FURTHEST.index(n.state))[1]
            loser._step_aside(key["recipient_key"])
            if loser == self:
                vals = {**vals, "recipient_key": self.recipient_key}
        self.write(vals)

    def _step_aside(self, key):
        """Give up the key, and what was still to be sent."""
        self.recipient_key = f"{key}#{self.id}"
        self.flush_recordset(["recipient_key"])
        if self.state in ("due", "failed"):
            self._end("cancelled", "merged")

    @api.model
    def _erase_addresses(self, config):
        """Erase addresses, e-mails and the words of mail servers (which name addresses)
        that are older than ``config`` keeps them; call with sudo.

        Returns whether there may be more than went in this call.
        """
        before = fields.Datetime.now() - timedelta(days=config.keep_addresses_days)
        old = self.search(
            [
                ("config_id", "=", config.id),
                ("state", "!=", "due"),
                ("date_due", "<", before),
                *self._erasable_domain(),
            ],
            order="id",
            limit=ERASED_AT_ONCE,
        )
        old._erase()
        return len(old) == ERASED_AT_ONCE

    @api.model
    def _erasable_domain(self):
        """Which notices still hold what ``_erase`` takes away. An addon that keeps more
        puts ``"|"`` and the term for its field before this, and extends ``_erase``."""
        return [
            "|",
            "|",
            "|",
            ("address", "!=", False),
            ("mail_id", "!=", False),
            ("earlier_mail_ids", "!=", False),
            ("reason_detail", "!=", False),
        ]

    def _erase(self):
        """Erase where these notices went and what was said."""
        (self.mail_id | self.earlier_mail_ids).unlink()
        self.write({"address": False, "reason_detail": False})


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    @api.model
    def _housekeeping(self):
        return [*super()._housekeeping(), "_erase_addresses", "_ask_again"]

    def _erase_addresses(self):
        """Whether there may be more than went in this call."""
        return self.env["sicantik.notice"]._erase_addresses(self)


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    def _absorb(self, others):
        """What was told about the others was told about this permit."""
        notices = self.env["sicantik.notice"]
        for notice in notices.search([("permit_id", "in", others.ids)]):
            if notice.res_model == PERMIT:
                notice._take_key(**notices._about(self))
            else:
                notice.permit_id = self
        for notice in notices.search([("permit_ids", "in", others.ids)]):
            notice.permit_ids = notice.permit_ids - others | self
        return super()._absorb(others)
