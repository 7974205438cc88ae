"""Who may be told of what concerns a configuration.

Whoever makes an activity, an e-mail or a pop-up for one person asks here, so that
nobody hears of what that person may not open, and nothing waits for somebody who left.
"""

from odoo import models

from ...tools.constants import MANAGER, SYSTEM, VIEWER


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    def _may_answer(self, user, group=VIEWER):
        """Whether ``user`` can be asked: active, of the company, in ``group``."""
        self.ensure_one()
        # sudo: people may not see of which companies somebody else is
        config, user = self.sudo(), user.sudo()
        own = config.company_id in user.company_ids
        return bool(user.active and own and user.has_group(group))

    def _whom_to_tell(self, users, group=VIEWER):
        """The first of ``users`` who may answer, else a system administrator of the
        company, else a manager; nobody where there is none. All are in ``group``."""
        self.ensure_one()
        fit = users.filtered(lambda user: self._may_answer(user, group))
        if fit:
            return fit[0]
        # sudo: as above
        company, office = self.sudo().company_id, self.env["res.users"].sudo()
        office = office.search([("company_ids", "in", company.id)], order="id")
        fit = office.filtered(lambda user: self._may_answer(user, group))
        leaders = fit.filtered(lambda user: user.has_group(SYSTEM))
        return (leaders or fit.filtered(lambda user: user.has_group(MANAGER)))[:1]
