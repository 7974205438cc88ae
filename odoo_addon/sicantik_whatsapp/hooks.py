from .models.consent import DECIDE
from .models.template import LOOK


def uninstall_hook(env):
    """Take along what Odoo would leave behind, or would stumble over."""
    # Odoo removes no type of activity that is in use.
    types = [env.ref(name, raise_if_not_found=False) for name in (DECIDE, LOOK)]
    activities = env["mail.activity"].with_context(active_test=False)
    used = [kind.id for kind in types if kind]
    activities.search([("activity_type_id", "in", used)]).unlink()
    # Odoo forgets those that have an external id, and those of models that go.
    mine = [("module.name", "=", "sicantik_whatsapp"), ("type", "=", "f")]
    env["ir.model.constraint"].search(mine).unlink()
    # What its models inherit by way of one of the connector, Odoo filed there.
    own = {
        name.replace(".", "_")
        for name, model in env.registry.items()
        if model._original_module == "sicantik_whatsapp"
    }
    filed = env["ir.model.data"].search(
        [("module", "=", "sicantik_connector"), ("model", "=", "ir.model.inherit")]
    )
    filed.filtered(lambda one: one.name.split("__")[1] in own).unlink()
