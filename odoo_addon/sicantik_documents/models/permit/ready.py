"""A permit is ready when there is a document of it that the office hands out: that is
told once for each issue date."""

from datetime import timedelta

from odoo import fields, models

from odoo.addons.sicantik_notice.models.notice import UNTRUE

KIND = "permit_ready"
READY = "ready:"
# Of a transaction: the permits whose issue date became known.
DATED = "sicantik_documents.dated"
# A document may be ready some days before the issue date that SICANTIK tells later.
BECOMES_KNOWN = timedelta(days=30)


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    def _download_links(self):
        """``{permit id: address}`` of the first document that is published; call with
        sudo."""
        documents = self.env["sicantik.document"].search(
            [("permit_id", "in", self.ids), ("state", "=", "ready")], order="id"
        )
        links = {}
        for document in documents:
            if document._handed_out_state() == "ready":
                address = document._public_address()
                links.setdefault(document.permit_id.id, address or False)
        return {permit: link for permit, link in links.items() if link}

    def _tell_ready(self):
        """Tell the applicants of those of these whose document is handed out, unless
        they know; call with sudo."""
        documents = self.env["sicantik.document"].search(
            [("permit_id", "in", self.ids), ("state", "=", "ready")]
        )
        permits = documents._for_applicants().permit_id
        permits = permits.filtered(lambda permit: permit._is_of_our_time())
        told = self.env["sicantik.notice"].search(
            [("permit_id", "in", permits.ids), ("kind", "=", KIND)]
        )
        told = told.grouped("permit_id")
        for permit in permits:
            if permit._is_ready_news(told.get(permit, ())):
                event = READY + (fields.Date.to_string(permit.issue_date) or "")
                to = permit.partner_id
                self.env["sicantik.notice"]._tell(permit, KIND, event, to)

    def _is_ready_news(self, told):
        """Whether none of ``told`` said that it is ready, of the issue date that it has
        now. What was taken back before anybody knew of it may be told anew."""
        news = True
        for notice in told:
            if (notice.state, notice.reason_code) != UNTRUE:
                news = news and not self._is_of_this_issue(notice)
            elif "#" not in notice.recipient_key:
                notice._step_aside(notice.recipient_key)
        return news

    def _is_of_our_time(self):
        """Whether it was issued since its office is live: papers of many years may be
        brought in. Where no date says so, one that has no number yet is, and one that
        was registered since the month in which the office went live."""
        live = self.config_id.go_live_date
        if not live:
            return False
        if self.issue_date:
            return self.issue_date >= live
        month = self.registered_month
        return self.status == "draft" or not month or month >= live.replace(day=1)

    def _is_of_this_issue(self, notice):
        """Whether ``notice`` told of the issue date that the permit has now. One that
        knew no date told of one that was to become known, not of one that is later."""
        said = (notice.event or "").removeprefix(READY)
        if said and self.issue_date:
            return said == fields.Date.to_string(self.issue_date)
        known = notice.create_date.date() + BECOMES_KNOWN
        return not self.issue_date or self.issue_date <= known

    def write(self, vals):
        """The issue date that becomes known may be that of our time."""
        dated = self.browse()
        if vals.get("issue_date"):
            dated = self.filtered(lambda permit: not permit.issue_date)
        result = super().write(vals)
        if dated:
            dated._tell_ready_at_the_end()
        return result

    def _tell_ready_at_the_end(self):
        """Once for all of the transaction: the worker's batches write one by one."""
        precommit = self.env.cr.precommit
        if DATED not in precommit.data:
            precommit.data[DATED] = set()
            # sudo: whoever enters a date need not see notices
            precommit.add(self.browse().sudo()._tell_dated)
        precommit.data[DATED].update(self.ids)

    def _tell_dated(self):
        dated = self.browse(self.env.cr.precommit.data.pop(DATED, ()))
        dated.exists()._tell_ready()
        self.env.flush_all()

    def _absorb(self, others):
        """With its documents the permit may be ready."""
        result = super()._absorb(others)
        # sudo: whoever merges permits need not see notices
        self.sudo()._tell_ready()
        return result

    def _take_ready_back(self):
        """Nobody is told that these are ready if they are not any more; call with
        sudo."""
        if self:
            self._take_notices_back(KIND)

    def _after_status_change(self, old_status):
        """A permit that is valid again has its documents handed out again."""
        result = super()._after_status_change(old_status)
        self.sudo()._tell_ready()
        return result
