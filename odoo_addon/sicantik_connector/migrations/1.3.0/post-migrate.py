"""From 1.2.0: what the office calls the end of a cancelled permit became a field; who
was warned of the end of the worker's key is kept, until now it was who connected it."""


def migrate(cr, version):
    cr.execute(
        "UPDATE sicantik_permit SET ending = 'cancelled'"
        " WHERE status = 'cancelled' AND ending IS NULL"
    )
    cr.execute(
        "UPDATE sicantik_config SET api_key_warned_user_id = worker_paired_by"
        " WHERE api_key_warned IS NOT NULL AND api_key_warned_user_id IS NULL"
    )
