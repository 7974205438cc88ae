"""From 1.2.0: what the office calls the end of a cancelled permit became a field, and
the last test of a connection is one of several ways to know how it is."""


def migrate(cr, version):
    cr.execute(
        "UPDATE sicantik_permit SET ending = 'cancelled'"
        " WHERE status = 'cancelled' AND ending IS NULL"
    )
    cr.execute(
        "UPDATE sicantik_config SET connection_reached = connection_checked"
        " WHERE connection_status = 'connected' AND connection_reached IS NULL"
    )
    cr.execute(
        "UPDATE sicantik_config SET connection_error = jsonb_build_object("
        "'code', probe->>'error_code', 'message', probe->>'error_message')"
        " WHERE connection_status = 'error' AND connection_error IS NULL"
    )
