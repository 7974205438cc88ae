"""The permit type's own fields; how many permits it has, by status and by expiry, and
the ways to look at them.

A permit counts for its main type only, so that the sum over the types is the number of
permits.
"""

from collections import Counter, defaultdict

from odoo import fields, models

from ...tools import compat
from ...tools.constants import DECISIONS
from ...tools.counted import PERMITS
from ...tools.landing import land
from ...tools.rights import nothing_for_none

STATUSES = ("draft", "active", "expired", "renewed", "cancelled")
# What a figure by such a field counts: what expires, only if nobody has closed it.
COUNTED = {"status": [], "expiry_state": [("status", "not in", DECISIONS)]}
# How the context names the figure that is opened.
ASKED = {"permit_status": "status", "permit_expiry_state": "expiry_state"}


class SicantikPermitType(models.Model):
    """A kind of permit, as SICANTIK names it. SICANTIK owns every field but one: which
    type a double name was merged into, people decide."""

    _name = "sicantik.permit.type"
    _inherit = "sicantik.owned.mixin"
    _description = "SICANTIK Permit Type"
    _order = "name, id"
    _rec_names_search = ["name", "alias_ids.name"]

    config_id = fields.Many2one(
        "sicantik.config", "Configuration", required=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    name = fields.Char(required=True)
    name_key = fields.Char("Name for Comparing", required=True)
    code = fields.Char(index="btree_not_null")
    group_name = fields.Char("Group")
    processing_days = fields.Integer("Processing Time (Days)")
    hash = fields.Char("Fingerprint")
    active = fields.Boolean("In Use", default=True)
    merged_into_id = fields.Many2one(
        "sicantik.permit.type",
        index="btree_not_null",
        ondelete="restrict",
        help="The type that permits get when SICANTIK lists them under this name.",
    )
    alias_ids = fields.One2many(
        "sicantik.permit.type",
        "merged_into_id",
        "Old Names",
        context={"active_test": False},
    )

    permit_ids = fields.One2many("sicantik.permit", "permit_type_id")
    permit_count = fields.Integer("Permits", compute="_compute_permit_counts")
    draft_count = fields.Integer("In Process", compute="_compute_permit_counts")
    active_count = fields.Integer("Active", compute="_compute_permit_counts")
    expired_count = fields.Integer("Expired", compute="_compute_permit_counts")
    renewed_count = fields.Integer("Renewed", compute="_compute_permit_counts")
    cancelled_count = fields.Integer("Terminated", compute="_compute_permit_counts")
    critical_count = fields.Integer("Critical", compute="_compute_permit_counts")
    warning_count = fields.Integer("Expires Soon", compute="_compute_permit_counts")

    compat.add_constraint(
        locals(),
        "config_name_key_uniq",
        "UNIQUE(config_id, name_key)",
        "A permit type of this name exists already in this configuration.",
    )

    def _ids_by_key(self, config):
        """``{name_key: id}`` of all types of a configuration, old names being those of
        the type that remains: one query."""
        types = self.search_fetch(
            [("config_id", "=", config.id)], ["name_key", "merged_into_id"]
        )
        return {
            permit_type.name_key: permit_type.merged_into_id.id or permit_type.id
            for permit_type in types
        }

    def _create_named(self, config, names):
        """Create types of which only the name is known.

        ``names`` is ``{name_key: name}``. Returns ``({name_key: id}, {name_key:
        (code, message)})``: what was made, and what the database refused.
        """
        config._announce()
        made = {}

        def create(items):
            records = self.create(
                [
                    {
                        "config_id": config.id,
                        "company_id": config.company_id.id,
                        "name": name,
                        "name_key": key,
                    }
                    for key, name in items
                ]
            )
            made.update({record.name_key: record.id for record in records})

        refused = land(self.env, list(names.items()), create)
        for (key, _name), _reason in refused:
            made.pop(key, None)
        return made, {key: reason for (key, _name), reason in refused}

    def _compute_permit_counts(self):
        """Two queries, whatever the number of types."""
        by_status = self._count_permits("status")
        by_expiry = self._count_permits("expiry_state")
        for permit_type in self:
            type_id = permit_type._origin.id
            statuses = by_status[type_id]
            for status in STATUSES:
                permit_type[f"{status}_count"] = statuses[status]
            permit_type.permit_count = statuses.total()
            permit_type.critical_count = by_expiry[type_id]["critical"]
            permit_type.warning_count = by_expiry[type_id]["warning"]

    def _count_permits(self, name):
        """``{type id: Counter of the values of the permits' field name}``"""
        counts = defaultdict(Counter)
        for permit_type, value, count in self.env["sicantik.permit"]._read_group(
            [*PERMITS.belonging("permit_type_id", self), *COUNTED[name]],
            ["permit_type_id", name],
            ["__count"],
        ):
            counts[permit_type.id][value] = count
        return counts

    @nothing_for_none
    def action_view_permits(self):
        """The permits of these types; of one status or expiry state when the context
        names it."""
        terms = []
        for key, name in ASKED.items():
            if value := self.env.context.get(key):
                terms += [*COUNTED[name], (name, "=", value)]
        action = PERMITS.open("permit_type_id", self, terms)
        name = self.display_name if len(self) == 1 else action["name"]
        return {**action, "name": name, "display_name": name}

    @nothing_for_none
    def action_permits_by_status(self):
        """A chart of the permits by status."""
        return self._chart_of_permits(self.env._("By Status"), "pie", ["status"])

    @nothing_for_none
    def action_permits_by_month(self):
        """A chart of the permits by month of registration and status."""
        groups = ["registered_month:month", "status"]
        return self._chart_of_permits(self.env._("By Month"), "bar", groups)

    def _chart_of_permits(self, title, mode, groups):
        action = self.with_context(
            permit_status=False, permit_expiry_state=False
        ).action_view_permits()
        views = ("graph", "pivot", "list", "form")
        name = f"{self.display_name}: {title}" if len(self) == 1 else title
        action.update(
            name=name,
            display_name=name,
            views=[(False, view) for view in views],
            view_mode=",".join(views),
            context={
                **action["context"],
                "graph_mode": mode,
                "graph_groupbys": groups,
                "pivot_row_groupby": groups[:1],
                "pivot_column_groupby": groups[1:],
            },
        )
        return action
