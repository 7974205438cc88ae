from odoo import fields, models

from ..tools import compat
from ..tools.landing import land


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
