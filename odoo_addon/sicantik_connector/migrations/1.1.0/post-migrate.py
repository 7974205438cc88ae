"""From 1.0.0: people may enter an issue date, so SICANTIK's own got a field; the NPWP
got a key by which renewals are found."""

from odoo.tools import SQL

from odoo.addons.sicantik_connector.tools.contacts import npwp_key


def migrate(cr, version):
    _keep_issue_dates(cr)
    _make_npwp_keys(cr)


def _keep_issue_dates(cr):
    cr.execute(
        "UPDATE sicantik_permit"
        " SET source_issue_date = issue_date, issue_source = 'detail'"
        " WHERE issue_date IS NOT NULL"
    )


def _make_npwp_keys(cr):
    cr.execute(
        "SELECT DISTINCT company_npwp FROM sicantik_permit WHERE company_npwp <> ''"
    )
    keys = {npwp: npwp_key(npwp) for (npwp,) in cr.fetchall()}
    keys = {npwp: key for npwp, key in keys.items() if key}
    cr.execute(
        SQL(
            "UPDATE sicantik_permit SET company_npwp_key = known.key"
            " FROM unnest(%s::text[], %s::text[]) AS known (npwp, key)"
            " WHERE company_npwp = known.npwp",
            list(keys),
            list(keys.values()),
        )
    )
