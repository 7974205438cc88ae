"""From 1.1.0: dashboard_link and approval_link of a notice are no settings of the
office any more. Texts that people wrote with them mean the office's value, which is
written in; where there was none, or offices had different ones, they read as they did
without one. The configurations' chatter names the texts. Those that the upgrade itself
has just brought mean what the names stand for today: pages of this Odoo.
"""

import json
import re

from markupsafe import escape

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL
from odoo.tools.sql import column_exists

from odoo.addons.sicantik_connector.tools.upgrades import tell_offices

# What stood in texts, and the setting that it showed.
LINKS = {
    "dashboard_link": "sicantik_dashboard_url",
    "approval_link": "sicantik_approval_url",
}
# Texts that came with 1.3.0 and have such links.
NEW = r"^mail_template_(document_pending|approval_required|reminder)_(id|en)$"
CONDITION = re.compile(r"""\bt-(?:if|elif)=("[^"]*"|'[^']*')""")


def migrate(cr, version):
    values = {name: _value(cr, column) for name, column in LINKS.items()}
    cr.execute(
        "SELECT id, subject, body_html FROM mail_template"
        " WHERE model = 'sicantik.notice'"
        "   AND concat(subject, body_html) ~ %s"
        "   AND id NOT IN (SELECT res_id FROM ir_model_data"
        "                   WHERE model = 'mail.template'"
        "                     AND module = 'sicantik_notice' AND name ~ %s)",
        [rf"object\.({'|'.join(LINKS)})\M", NEW],
    )
    found = cr.fetchall()
    for template, *texts in found:
        written = [
            text
            and json.dumps(
                {lang: _without(said, values, is_html) for lang, said in text.items()}
            )
            for text, is_html in zip(texts, (False, True), strict=True)
        ]
        cr.execute(
            "UPDATE mail_template SET subject = %s, body_html = %s WHERE id = %s",
            [*written, template],
        )
    if found:
        _tell(cr, [template for template, *_texts in found])


def _value(cr, column):
    """The one value of all offices; empty where there is none, or more than one."""
    if not column_exists(cr, "res_company", column):
        return ""
    cr.execute(
        SQL(
            "SELECT DISTINCT COALESCE(c.%s, '') FROM res_company c"
            "  JOIN sicantik_config ON company_id = c.id AND sicantik_config.active",
            SQL.identifier(column),
        )
    )
    found = [value for (value,) in cr.fetchall()]
    return found[0] if len(found) == 1 else ""


def _without(text, values, is_html):
    """The text with each value instead of the field. Conditions get another field that
    is always there, since managers may save texts with fields only."""
    for name, value in values.items():
        field = rf"object\.{name}\b"
        shown = str(escape(value)) if is_html else value
        quoted = value.replace("\\", "%5C").replace("'", "%27")
        literal = f"&#39;{escape(quoted)}&#39;" if is_html else f"'{quoted}'"
        href = f'href="{shown}"' if value else ""

        def answer(match, value=value):
            return "object.id" if bool(value) != bool(match[1]) else "not object.id"

        def condition(match, field=field, answer=answer):
            return re.sub(rf"(not\s+)?{field}", answer, match[0])

        if is_html:
            text = CONDITION.sub(condition, text)
        for pattern, new in (
            (rf"\{{\{{\s*{field}\s*\}}\}}", shown),
            (rf'<t t-out="{field}"\s*/>', shown),
            (rf'<t t-out="{field}"\s*>[^<]*</t>', shown),
            (rf't-att-href="{field}"', href),
            (field, literal),
        ):
            text = re.sub(pattern, lambda _match, new=new: new, text)
    return text


def _tell(cr, templates):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["mail.template"].invalidate_model()
    names = env["mail.template"].browse(templates).mapped("name")
    sentence = env._(
        "The settings Dashboard Link and Approval Link are gone. The upgrade took them "
        "out of these texts of notices and wrote the office's address in where there "
        "was one for all; please read them: %(names)s.",
        names=", ".join(names),
    )
    tell_offices(env, sentence)
