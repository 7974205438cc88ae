"""From 1.2.0: the e-mails of a new status say where more can be read, as the messages
by WhatsApp do. A text that is still as it came gets the line; one that the office wrote
is left alone, and the configurations' chatter names it.
"""

import json
import re
from hashlib import sha256

from odoo import SUPERUSER_ID, api

from odoo.addons.sicantik_connector.tools.upgrades import tell_offices

# Text, the SHA-256 of what 1.0.0 to 1.2.0 brought (blanks as one), the label.
TEXTS = (
    (
        "mail_template_status_update_id",
        "89edc367911f21d837b39c724a3b7b052d6788cdfcb0e030f466ae57d6b68910",
        "Detail",
    ),
    (
        "mail_template_status_update_en",
        "ab1bbe7a461a12c193dd760dc350434925057dc26685b9f3d3e45ba5876244f1",
        "Details",
    ),
)
LINE = (
    '<p t-if="object.detail_link" style="margin: 0 0 16px 0;">%s: '
    '<a t-att-href="object.detail_link" style="color: #1d4e89; word-break: break-all;">'
    '<t t-out="object.detail_link">https://perizinan.example.go.id</t></a></p>'
)
# Before it: how the office is reached, the last line.
LAST = re.compile(r'(\s*)<p t-if="object\.contact_text"')


def migrate(cr, version):
    own = [template for text in TEXTS for template in _bring(cr, *text)]
    if own:
        _tell(cr, own)


def _bring(cr, name, came, label):
    """Write the line into one text, in each language in which it is as it came; the
    template, where the office wrote another one without the line."""
    cr.execute(
        "SELECT t.id, t.body_html FROM mail_template t"
        "  JOIN ir_model_data d ON d.model = 'mail.template' AND d.res_id = t.id"
        " WHERE d.module = 'sicantik_notice' AND d.name = %s"
        "   AND t.body_html IS NOT NULL",
        [name],
    )
    own = []
    for template, bodies in cr.fetchall():
        line = LINE % label
        now = {
            lang: _with(body, line) if _fingerprint(body) == came else body
            for lang, body in bodies.items()
        }
        if now != bodies:
            cr.execute(
                "UPDATE mail_template SET body_html = %s WHERE id = %s",
                [json.dumps(now), template],
            )
        if any("object.detail_link" not in body for body in now.values()):
            own.append(template)
    return own


def _fingerprint(body):
    return sha256(" ".join(body.split()).encode()).hexdigest()


def _with(body, line):
    return LAST.sub(lambda last: f"{last[1]}{line}{last[0]}", body)


def _tell(cr, templates):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["mail.template"].invalidate_model()
    names = env["mail.template"].browse(templates).mapped("name")
    sentence = env._(
        "E-mails of a new status have a new line that says where more can be read "
        "(%(field)s). The office wrote these texts itself, so the upgrade left them "
        "alone; add the line where you want it: %(names)s.",
        field="object.detail_link",
        names=", ".join(names),
    )
    tell_offices(env, sentence)
