"""What people and the worker write stays out of Odoo's log."""

from odoo import api, models

from ..tools.landing import unlogged


class SicantikLogMixin(models.AbstractModel):
    """Keeps the statements of a model that fail out of the log.

    Odoo logs a statement that fails whole, at ERROR: when two writers meet (a sync and
    a person who saves a form, two people) the names and numbers of the row stand there,
    although nothing is wrong and Odoo repeats the call. All that the ORM writes goes
    through these two methods, whoever wrote it and whenever it is flushed. The error
    itself is raised as ever.
    """

    _name = "sicantik.log.mixin"
    _description = "Statements That Stay out of the Log"

    @api.model
    def _create(self, data_list):
        with unlogged(self.env.cr):
            return super()._create(data_list)

    def _write_multi(self, vals_list):
        with unlogged(self.env.cr):
            return super()._write_multi(vals_list)
