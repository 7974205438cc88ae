"""A batch of the worker's looks at the notices once, at its end: a query for each
permit or contact would double the time of a batch of details.
"""

from contextlib import contextmanager

from odoo import api, models

_KEY = "sicantik_batch"


class Batch:
    """The permits and contacts that a batch changed. It goes with the context, where no
    client can put such an object."""

    def __init__(self):
        self.ids = {"sicantik.permit": set(), "res.partner": set()}

    @classmethod
    def takes(cls, records):
        """Whether ``records`` are changed within a batch, which then remembers them."""
        batch = records.env.context.get(_KEY)
        if not isinstance(batch, cls):
            return False
        batch.ids[records._name].update(records.ids)
        return True


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    @api.model
    def _apply_steps(self, steps):
        with self._in_a_batch() as permits:
            return super(SicantikPermit, permits)._apply_steps(steps)

    @api.model
    def _apply_detail_steps(self, steps):
        with self._in_a_batch() as permits:
            return super(SicantikPermit, permits)._apply_detail_steps(steps)

    @api.model
    def _apply_links(self, links):
        with self._in_a_batch() as permits:
            return super(SicantikPermit, permits)._apply_links(links)

    @contextmanager
    def _in_a_batch(self):
        batch = Batch()
        yield self.with_context(**{_KEY: batch})
        # One that became part of another is looked for in vain.
        permits, partners = (
            self.env[model].browse(sorted(ids)) for model, ids in batch.ids.items()
        )
        permits._withdraw_notices()
        partners._say_new_numbers()
