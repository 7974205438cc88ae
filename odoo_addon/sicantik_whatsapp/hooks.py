from odoo.addons.sicantik_connector.tools.uninstall import take_along

from .models.consent import DECIDE
from .models.template import LOOK


def uninstall_hook(env):
    """Take along what Odoo would leave behind, or would stumble over."""
    take_along(env, "sicantik_whatsapp", (DECIDE, LOOK))
