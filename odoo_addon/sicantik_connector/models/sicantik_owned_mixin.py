"""Each field has one owner: a person may write only what people own."""

from odoo import api, models
from odoo.exceptions import AccessError


class SicantikOwnedMixin(models.AbstractModel):
    """Refuses, outside the superuser mode, every field that people do not own.

    The worker's methods check their group and then work with ``sudo()``. A context
    key would not do: anybody can give one over RPC, nobody can give ``env.su``.
    """

    _name = "sicantik.owned.mixin"
    _inherit = "sicantik.mixin"
    _description = "Fields with One Owner"

    # Names of the fields that a person may write.
    _people_fields = frozenset()
    # Whether a person may create records.
    _people_create = False

    @api.model
    def default_get(self, fields_list):
        """Fields that people do not own begin as the code says: over RPC anybody can
        give other beginnings, in the context (``default_…``) or as a default of one's
        own, also to what a button then creates with ``sudo()``."""
        owned = {
            name
            for name in self._fields.keys() & fields_list
            if not self._people_may_write(name)
        }
        rest = [name for name in fields_list if name not in owned]
        defaults = {name: self._fields[name].default for name in owned}
        own = {name: default(self) for name, default in defaults.items() if default}
        return {**super().default_get(rest), **own}

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse what people may not create or set; AccessError."""
        if not self.env.su:
            if not self._people_create:
                raise AccessError(
                    self.env._(
                        "Records of %(model)s are made by the worker, not by hand.",
                        model=self._description,
                    )
                )
            for vals in vals_list:
                self._check_people_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse fields that people do not own; AccessError."""
        if not self.env.su:
            self._check_people_fields(vals)
        return super().write(vals)

    @api.model
    def _people_may_write(self, name):
        """Whether a person may write the field ``name``."""
        return name in self._people_fields

    @api.model
    def _check_people_fields(self, vals):
        foreign = [name for name in vals if not self._people_may_write(name)]
        if foreign:
            raise AccessError(
                self.env._(
                    "%(fields)s of %(model)s: SICANTIK or the worker keeps this and "
                    "it cannot be changed by hand.",
                    fields=", ".join(sorted(foreign)),
                    model=self._description,
                )
            )
