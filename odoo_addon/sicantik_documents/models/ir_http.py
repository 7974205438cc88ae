from werkzeug.exceptions import UnsupportedMediaType

from odoo import models
from odoo.http import request

UPLOAD = "/sicantik/documents/upload"
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """An upload is no form: whoever reads a form writes its files, as they are, to
        the disk, and that happens before any page is asked."""
        if rule.rule == UPLOAD and request.httprequest.mimetype in FORMS:
            raise UnsupportedMediaType()
        return super()._pre_dispatch(rule, args)
