"""Whose renewal is proposed is not told to apply for one; once that is taken back, they
are told after all.

Of an accepted renewal nothing is said here: the permit is not active any more.
"""

from odoo import api, models

# State and reason of a notice that was due when the renewal was proposed.
RENEWAL_PROPOSED = ("skipped", "renewal_proposed")


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    @api.model
    def _take_up_again(self, config):
        """Make due again what was skipped because of a proposal that is none any more;
        returns it. What is overtaken by now is found out when it is sent."""
        state, reason = RENEWAL_PROPOSED
        notices = self.search(
            [
                ("config_id", "=", config.id),
                ("state", "=", state),
                ("reason_code", "=", reason),
                ("expiry_date", ">=", config._today()),
                ("permit_id.status", "=", "active"),
                ("permit_id.proposed_renewal_id", "=", False),
            ]
        )
        for notice in notices:
            notice._end("due")
            notice.date_due = config._notice_time()
        notices._choose_channel()
        return notices
