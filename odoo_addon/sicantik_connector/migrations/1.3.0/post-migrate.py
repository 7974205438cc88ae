"""From 1.2.0: what the office calls the end of a cancelled permit became a field."""


def migrate(cr, version):
    cr.execute(
        "UPDATE sicantik_permit SET ending = 'cancelled'"
        " WHERE status = 'cancelled' AND ending IS NULL"
    )
