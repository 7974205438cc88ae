"""Of which permit a file is: by the numbers in its name, else in its text."""

from odoo import api, models
from odoo.tools import SQL

from ...tools.numbers import key_sql, keys_in, keys_in_name, longest

NUMBERS = ("permit_number", "registration_number")
# More permits than anybody could choose from.
MOST_PROPOSALS = 20


class SicantikDocumentArrival(models.Model):
    _inherit = "sicantik.document.arrival"

    def init(self):
        """Permits are found by the parts of their numbers; the hook of uninstalling
        takes the indexes along."""
        for number in NUMBERS:
            self.env.cr.execute(
                SQL(
                    "CREATE INDEX IF NOT EXISTS %s ON sicantik_permit "
                    "(config_id, (%s))",
                    SQL.identifier(index_of(number)),
                    key_sql(SQL.identifier(number)),
                )
            )

    @api.model
    def _permits_of(self, config, name, text):
        """The permits of ``config`` whose number stands in the name of a file or, where
        none does, in its text."""
        return self._permits_with(config, keys_in_name(name)) or self._permits_with(
            config, keys_in(text)
        )

    @api.model
    def _permits_with(self, config, found):
        """The permits whose numbers are among the keys ``found``."""
        if not found:
            return self.env["sicantik.permit"]
        self.env["sicantik.permit"].flush_model([*NUMBERS, "config_id"])
        parts = [
            SQL(
                "SELECT id, %(key)s AS key FROM sicantik_permit "
                "WHERE config_id = %(config)s AND %(key)s = ANY(%(keys)s)",
                key=key_sql(SQL.identifier(number)),
                config=config.id,
                keys=list(found),
            )
            for number in NUMBERS
        ]
        rows = self.env.execute_query(SQL(" UNION ").join(parts))
        kept = longest(found, {key for _id, key in rows})
        ids = dict.fromkeys(permit for permit, key in rows if key in kept)
        return self.env["sicantik.permit"].browse(ids)[:MOST_PROPOSALS]


def index_of(number):
    return f"sicantik_permit_{number}_parts_index"
