"""From 1.0.0: people may enter an issue date, so SICANTIK's own got a field."""


def migrate(cr, version):
    cr.execute(
        "UPDATE sicantik_permit"
        " SET source_issue_date = issue_date, issue_source = 'detail'"
        " WHERE issue_date IS NOT NULL"
    )
