from .tools.constants import WORKER_LOGIN

WITH_ACTIVITIES = ("sicantik.config", "sicantik.permit")


def uninstall_hook(env):
    """Shut the worker's door: archive its user and revoke its API keys.

    Activities go before the records that they are about: Odoo would look for those
    when their tables are gone. The function of the permits' trigger goes, too.
    """
    env["sicantik.permit"]._remove_change_marks()
    activities = env["mail.activity"].with_context(active_test=False)
    activities.search([("res_model", "in", WITH_ACTIVITIES)]).unlink()
    user = env["res.users"].with_context(active_test=False)
    user = user.search([("login", "=", WORKER_LOGIN)], limit=1)
    if not user:
        return
    env["res.users.apikeys"].sudo().search([("user_id", "=", user.id)])._remove()
    user.write({"active": False})
