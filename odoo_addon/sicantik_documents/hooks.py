from odoo.tools import SQL

from odoo.addons.sicantik_connector.tools.uninstall import take_along

from .models.arrival import NUMBERS, index_of


def uninstall_hook(env):
    """Take along what Odoo would leave behind, or would stumble over.

    Activities go before the documents that they are about: Odoo would look for those
    when their table is gone."""
    activities = env["mail.activity"].with_context(active_test=False)
    activities.search([("res_model", "=", "sicantik.document")]).unlink()
    for number in NUMBERS:
        index = SQL.identifier(index_of(number))
        env.cr.execute(SQL("DROP INDEX IF EXISTS %s", index))
    take_along(env, "sicantik_documents", ())
