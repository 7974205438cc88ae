from odoo import models


class SicantikMixin(models.AbstractModel):
    """What every model of SICANTIK has: it keeps quiet, and its forms are asked only by
    those who may fill them in. Not on Odoo's ``base``: whoever extends that has every
    table of the database looked at again when the addon is installed.
    """

    _name = "sicantik.mixin"
    _inherit = "sicantik.log.mixin"
    _description = "What Every Model of SICANTIK Has"

    def onchange(self, values, field_names, fields_spec):
        """Only for who may write such a record, as everywhere in Odoo 19: values that
        anybody makes up bring out what is computed from them."""
        self.check_access("write" if self else "create")
        return super().onchange(values, field_names, fields_spec)
