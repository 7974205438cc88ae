"""From 1.2.0: what the office calls the end of a cancelled permit became a field;
renewals are proposed for the same person or company, type and place only; who was
warned of the end of the worker's key is kept, until now it was who connected it; the
last test of a connection is one of several ways to know how it is."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    cr.execute(
        "UPDATE sicantik_permit SET ending = 'cancelled'"
        " WHERE status = 'cancelled' AND ending IS NULL"
    )
    cr.execute(
        "UPDATE sicantik_config SET api_key_warned_user_id = worker_paired_by"
        " WHERE api_key_warned IS NOT NULL AND api_key_warned_user_id IS NULL"
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
    env = api.Environment(cr, SUPERUSER_ID, {})
    for config in env["sicantik.config"]._worker_env()._every_config():
        # Those that do not hold by the new rules are taken back.
        proposed = [("config_id", "=", config.id), ("proposed_renewal_id", "!=", False)]
        permits = config.env["sicantik.permit"].search(proposed)
        permits._propose_renewals(config)
