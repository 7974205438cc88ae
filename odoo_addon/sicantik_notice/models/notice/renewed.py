"""Whose renewal is proposed, or whose permit was renewed, ended or has another date, is
not told to apply for one; once that is taken back, they are told after all.
"""

from odoo import api, models

# State and reason of a notice that nobody was told of when the renewal was proposed, or
# when the permit became another one.
RENEWAL_PROPOSED = ("skipped", "renewal_proposed")
UNTRUE = ("cancelled", "changed")


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    @api.model
    def _take_up_again(self, config):
        """Make due again what was overtaken by what is so no more; returns it. What is
        overtaken by a nearer step is found out when it is sent."""
        endings = [
            ["&", ("state", "=", state), ("reason_code", "=", reason)]
            for state, reason in (RENEWAL_PROPOSED, UNTRUE)
        ]
        notices = self.search(
            [
                ("config_id", "=", config.id),
                ("kind", "=", "permit_expiring"),
                ("expiry_date", ">=", config._today()),
                ("permit_id.status", "=", "active"),
                ("permit_id.proposed_renewal_id", "=", False),
                "|",
                *endings[0],
                *endings[1],
            ]
        )
        notices = notices.filtered(lambda n: n.permit_id.expiry_date == n.expiry_date)
        notices._wait_again()
        return notices

    def _wait_again(self):
        """Have these, of which nobody was told, go out anew, by day."""
        self._end("due")
        for config, notices in self.grouped("config_id").items():
            notices.write({"date_due": config._notice_time(), "lead_id": False})
        self._choose_channel()


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    def _after_status_change(self, old_status):
        """Of a renewal that had ended, and has not, is told what was not told yet."""
        result = super()._after_status_change(old_status)
        if old_status == "cancelled":
            # sudo: notices are written by methods only, and this is one
            notices = self.env["sicantik.notice"].sudo()
            state, reason = UNTRUE
            withdrawn = notices.search(
                [
                    ("permit_id", "in", self.ids),
                    ("kind", "=", "renewal_approved"),
                    ("state", "=", state),
                    ("reason_code", "=", reason),
                    # What stepped aside was told anew, or is true no more.
                    ("recipient_key", "not like", "#"),
                ]
            )
            true = withdrawn.filtered(lambda n: not n._by_kind("_overtaken")[0])
            true._wait_again()
            true._wake_action()
        return result
