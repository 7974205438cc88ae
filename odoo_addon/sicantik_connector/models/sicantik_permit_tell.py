"""What applicants are told of people's decisions: a permit is renewed, cancelled, or
open again."""

import uuid

from odoo import models

RENEWED = "renewal_approved"
CHANGED = "status_update"


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    def _mark_renewed(self, newer):
        """The holders of these permits are told of ``newer``, each once."""
        result = super()._mark_renewed(newer)
        if newer:
            for partner in {permit.partner_id or newer.partner_id for permit in self}:
                self.env["sicantik.notice"]._tell(newer, RENEWED, RENEWED, partner)
        return result

    def _reopen(self):
        """Nobody is told of a renewal that is none, if nobody was yet."""
        newer = self.renewed_by_id
        result = super()._reopen()
        taken_back = newer.filtered(lambda permit: not permit.renews_ids)
        taken_back._take_notices_back(RENEWED)
        return result

    def _after_status_by_hand(self, old_status):
        """Applicants are told that a permit was cancelled, or is open again. What was
        taken back before anybody was told of it is told to nobody."""
        result = super()._after_status_by_hand(old_status)
        for permit in self - self._take_notices_back(CHANGED):
            if "cancelled" in (old_status, permit.status):
                facts = {"old": old_status, "new": permit.status}
                event = f"{permit.status}:{uuid.uuid4().hex}"
                self.env["sicantik.notice"]._tell(permit, CHANGED, event, facts=facts)
        return result

    def _take_notices_back(self, kind):
        """Cancel the notices of ``kind`` about these permits that still wait; returns
        the permits that had one. The same may be told later."""
        # sudo: notices are written by methods only; who decides may have them cancelled
        notices = self.env["sicantik.notice"].sudo()
        waiting = notices.search(
            [
                ("permit_id", "in", self.ids),
                ("kind", "=", kind),
                ("state", "=", "due"),
            ]
        )
        for notice in waiting:
            notice._step_aside(notice.recipient_key, "changed")
        return waiting.permit_id.with_env(self.env)
