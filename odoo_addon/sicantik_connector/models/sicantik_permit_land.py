"""The plan of an upsert comes into the database."""

from odoo import api, models

from ..tools.landing import land

# The plan looked all of these up: a violation means that somebody was quicker.
RACES = (
    "sicantik_permit_config_identity_uniq",
    "sicantik_permit_applicant_permit_name_key_uniq",
)


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    @api.model
    def _land_steps(self, steps, known, counts, refused):
        changes = known._changes_of(steps)
        rejected = land(self.env, steps, self._apply_steps, RACES)
        for step, (code, message) in rejected:
            refused.append({"key": step.key, "code": code, "message": message})
        bad = {step.key for step, _reason in rejected}
        landed = [step for step in steps if step.key not in bad]
        for step in landed:
            counts[step.count] += 1
        self._note_changes(
            {step.permit_id: changes.get(step.permit_id) for step in landed}
        )

    @api.model
    def _apply_steps(self, steps):
        """Write a part of the plan: one create, and writes that one flush groups."""
        self._create_with_defaults([s.values for s in steps if not s.permit_id])
        known = [step for step in steps if step.permit_id]
        permits = self.browse([step.permit_id for step in known])
        for permit, step in zip(permits, known, strict=True):
            if step.absorbs:
                permit._absorb(self.browse(step.absorbs))
            permit.write(step.values)

    @api.model
    def _create_with_defaults(self, vals_list):
        """Create, working out the defaults once for all: Odoo asks every field of every
        row again, which is a quarter of the time of a first load."""
        if vals_list:
            defaults = self.default_get(list(self._fields))
            model = self.with_context(sicantik_defaults_given=True)
            model.create([{**defaults, **vals} for vals in vals_list])

    @api.model
    def _add_missing_default_values(self, values):
        if self.env.su and self.env.context.get("sicantik_defaults_given"):
            return dict(values)
        return super()._add_missing_default_values(values)
