"""Who leaves tells nobody any more: what that person was asked to tell goes to the next
one, at once: when somebody is archived or deleted, loses the group, changes companies.
"""

from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        with self._passing_notices_on():
            return super().write(vals)

    def action_archive(self):
        """Odoo deletes the activities of who is archived."""
        with self._passing_notices_on():
            return super().action_archive()

    def unlink(self):
        with self._passing_notices_on():
            return super().unlink()

    def _passing_notices_on(self):
        # sudo: who administers users need not see notices
        notices = self.env["sicantik.notice"].sudo()
        return notices._passing_on([("activity_id.user_id", "in", self.ids)])


class ResGroups(models.Model):
    _inherit = "res.groups"

    def write(self, vals):
        """People are taken out of a group on its own page, too."""
        # sudo: as above
        with self.env["sicantik.notice"].sudo()._passing_on([]):
            return super().write(vals)
