from odoo import models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _notice_paths(self):
        return super()._notice_paths() | {"config_id.name"}
