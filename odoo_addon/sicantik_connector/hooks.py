from .models.constants import WORKER_LOGIN


def uninstall_hook(env):
    """Shut the worker's door: archive its user and revoke its API keys."""
    user = env["res.users"].with_context(active_test=False)
    user = user.search([("login", "=", WORKER_LOGIN)], limit=1)
    if not user:
        return
    env["res.users.apikeys"].sudo().search([("user_id", "=", user.id)])._remove()
    user.write({"active": False})
