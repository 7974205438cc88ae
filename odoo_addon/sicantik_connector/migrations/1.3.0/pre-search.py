"""From 1.2.0: what permits are found by became a column; the index of numbers, by which
nothing was found any more quickly, goes."""

from odoo.tools import SQL

from odoo.addons.sicantik_connector.tools.search_text import PARTS, search_text

BATCH = 5000


def migrate(cr, version):
    cr.execute(
        "ALTER TABLE sicantik_permit ADD COLUMN IF NOT EXISTS search_text varchar"
    )
    cr.execute("DROP INDEX IF EXISTS sicantik_permit__permit_number_index")
    further = _further_applicants(cr)
    last = 0
    while permits := _permits_after(cr, last):
        last = permits[-1]["id"]
        ids = [permit["id"] for permit in permits]
        texts = [
            search_text(permit, further.get(permit["id"], ())) for permit in permits
        ]
        cr.execute(
            SQL(
                "UPDATE sicantik_permit p SET search_text = made.text"
                " FROM unnest(%s::int[], %s::text[]) AS made (id, text)"
                " WHERE p.id = made.id",
                ids,
                texts,
            )
        )


def _further_applicants(cr):
    """``{permit id: [name]}``"""
    cr.execute(
        "SELECT permit_id, array_agg(name) FROM sicantik_permit_applicant GROUP BY 1"
    )
    return dict(cr.fetchall())


def _permits_after(cr, last):
    """Values of the next permits, by column."""
    names = ["id", *sorted(PARTS)]
    columns = SQL(", ").join(map(SQL.identifier, names))
    cr.execute(
        SQL(
            "SELECT %s FROM sicantik_permit WHERE id > %s ORDER BY id LIMIT %s",
            columns,
            last,
            BATCH,
        )
    )
    return [dict(zip(names, row, strict=True)) for row in cr.fetchall()]
