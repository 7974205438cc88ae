"""From 1.2.0: views that people made with fields that are gone would keep their page
from opening. They are archived, and the configurations' chatter names them."""

from odoo import SUPERUSER_ID, api

from odoo.addons.sicantik_connector.tools.upgrades import tell_offices

MODELS = ("sicantik.config", "sicantik.office", "res.company", "res.config.settings")
GONE = (
    "learnt_page_size",
    "full_pass_seconds",
    "sicantik_dashboard_url",
    "sicantik_approval_url",
)
# The addons' own views are written anew by the upgrade.
ARCHIVE = """
UPDATE ir_ui_view v SET active = FALSE
 WHERE v.active AND v.model IN %s AND v.arch_db::text ~ %s
   AND NOT EXISTS (SELECT FROM ir_model_data d
                    WHERE d.model = 'ir.ui.view' AND d.res_id = v.id
                      AND d.module IN ('sicantik_connector', 'sicantik_notice'))
RETURNING v.name
"""


def migrate(cr, version):
    cr.execute(ARCHIVE, [MODELS, rf"\m({'|'.join(GONE)})\M"])
    names = sorted(name for (name,) in cr.fetchall())
    if not names:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["ir.ui.view"].invalidate_model(["active"])
    sentence = env._(
        "These views were archived by the upgrade, since fields in them are gone: "
        "%(names)s. Take the fields out (%(fields)s), then unarchive them.",
        names=", ".join(names),
        fields=", ".join(GONE),
    )
    tell_offices(env, sentence)
