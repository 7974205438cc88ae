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
        if newer and newer._is_news():
            for partner in newer._renewal_recipients(self):
                self.env["sicantik.notice"]._tell(newer, RENEWED, RENEWED, partner)
        return result

    def _is_news(self):
        """Whether this permit is valid and began when its office told applicants
        already: a first load proposes the renewals of many years."""
        # sudo: only the date is read
        live = self.sudo().config_id.go_live_date
        begin = self._beginning()
        return bool(self.status == "active" and live and begin and begin >= live)

    def _renewal_recipients(self, older=None):
        """Who is told that this permit renews ``older`` ones, default all that it
        renews: the contact of each, or this one's where that has none."""
        older = self.renews_ids if older is None else older
        return {permit.partner_id or self.partner_id for permit in older}

    def _reopen(self):
        """Nobody is told of a renewal that is none, if nobody was yet."""
        newer = self.renewed_by_id
        result = super()._reopen()
        newer._take_notices_back(RENEWED)
        return result

    def _after_status_by_hand(self, old_status):
        """Applicants are told that a permit was cancelled, or is open again: from the
        last status that they know of. What was taken back before anybody was told of
        it is told to nobody."""
        result = super()._after_status_by_hand(old_status)
        untold = self._take_notices_back(CHANGED).sorted("id", reverse=True)
        begun = {notice.permit_id.id: notice.facts.get("old") for notice in untold}
        for permit in self:
            known = begun.get(permit.id) or old_status
            if known != permit.status and "cancelled" in (known, permit.status):
                facts = {"old": known, "new": permit.status}
                event = f"{permit.status}:{uuid.uuid4().hex}"
                self.env["sicantik.notice"]._tell(permit, CHANGED, event, facts=facts)
        return result

    def _take_notices_back(self, kind):
        """Cancel the notices of ``kind`` about these permits that nobody got yet and
        that are not true any more; returns them. The same may be told later."""
        # sudo: notices are written by methods only; who decides may have them cancelled
        notices = self.env["sicantik.notice"].sudo()
        waiting = notices.search(
            [
                ("permit_id", "in", self.ids),
                ("kind", "=", kind),
                ("state", "in", ("due", "failed")),
            ]
        )
        untrue = waiting.filtered(lambda notice: not notice._still_true())
        for notice in untrue:
            notice._step_aside(notice.recipient_key, "changed")
        return untrue
