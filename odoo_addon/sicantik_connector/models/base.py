from odoo import models


class Base(models.AbstractModel):
    _inherit = "base"

    def onchange(self, values, field_names, fields_spec):
        """Of SICANTIK's models only for who may write such a record, as everywhere in
        Odoo 19: values that anybody makes up bring out what is computed from them."""
        if self._name.startswith("sicantik."):
            self.check_access("write" if self else "create")
        return super().onchange(values, field_names, fields_spec)
