"""Who edits the texts of notices: managers, without the right to all mail templates.

Odoo lets its template editors write any expression into any template, which amounts to
an administrator's rights. A manager writes subject and text of notices, in which fields
of the notice may stand and conditions on them.
"""

import re

from lxml import etree, html

from odoo import models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools.rendering_tools import parse_inline_template

from odoo.addons.sicantik_connector.tools.constants import MANAGER

EDITOR = "mail.group_mail_template_editor"
NOTICE = "sicantik.notice"
EDITED = {"subject", "body_html"}
# Fields of these types hold a word, a number or a day; the others lead elsewhere.
PLAIN = ("char", "text", "selection", "integer", "date", "datetime")
# Of what is no text, as a value of a notice never seen.
EXAMPLES = {"integer": 1, "date": "2026-01-31", "datetime": "2026-01-31 09:00:00"}
DIRECTIVES = ("t-if", "t-elif", "t-else", "t-out", "t-att-href")
TERM = re.compile(
    r"(?:not )?object\.([a-z_]+(?:\.[a-z_]+)?)(?: (?:==|!=|<|<=|>|>=) [0-9]+)?"
)
JOINED = re.compile(r" (?:and|or) ")


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def write(self, vals):
        """AccessError when a manager changes more than subject and text of a notice."""
        foreign = self._notices_of_manager().filtered(
            lambda template: self.env.user not in template.create_uid | template.user_id
        )
        if foreign and not EDITED.issuperset(vals):
            raise AccessError(
                self.env._(
                    "Managers of SICANTIK change the subject and the text of a notice; "
                    "an administrator changes the rest."
                )
            )
        return super().write(vals)

    def _check_access_right_dynamic_template(self):
        """Narrower than for template editors, wider than for all others."""
        notices = self._notices_of_manager()
        for template in notices:
            # sudo: as Odoo's own check, whatever the fields' groups
            wrong = template.sudo()._beyond_notices()
            if wrong:
                raise AccessError(
                    self.env._(
                        "“%s” cannot stand in the text of a notice. Fields of the "
                        "notice can, for example object.permit_number.",
                        wrong,
                    )
                )
        notices._check_rendering()
        rest = super(MailTemplate, self - notices)
        return rest._check_access_right_dynamic_template()

    def _notices_of_manager(self):
        """The texts of notices among these, when the user is a manager of SICANTIK who
        is no template editor."""
        user = self.env.user
        if self.env.su or not user.has_group(MANAGER) or user.has_group(EDITOR):
            return self.browse()
        return self.filtered(lambda template: template.model == NOTICE)

    def _check_rendering(self):
        """ValidationError when subject or text cannot be filled in. Tried on a notice
        that was never stored, of no permit, with a value in each field that may stand
        there: Odoo 18 tries none, Odoo 19 one that there is."""
        example = self.env[NOTICE].new(
            {
                name: EXAMPLES.get(field.type, "x")
                for name, field in self.env[NOTICE]._fields.items()
                if field.type in PLAIN
            }
        )
        for template in self:
            for name in sorted(EDITED):
                try:
                    text = template._render_field(name, [example.id])[example.id]
                except Exception as fault:
                    raise template._cannot_be_filled_in(name) from fault
                if "{{" in text:
                    raise template._cannot_be_filled_in(name)

    def _cannot_be_filled_in(self, name):
        return ValidationError(
            self.env._(
                "%(field)s of “%(text)s” cannot be filled in like this, so no notice "
                "could be sent with it. Undo the last change and save again. It may be "
                "a part with “else” that does not stand right behind its part with "
                "“if”, a word that is compared with a number, or double braces that "
                "are not closed or stand outside the subject.",
                field=self._fields[name]._description_string(self.env),
                text=self.name,
            )
        )

    def _beyond_notices(self):
        """The first expression that says more than a text of a notice may."""
        for name, field in self._fields.items():
            value = self[name] if field.type in ("char", "text", "html") else None
            if not value:
                continue
            if getattr(field, "render_engine", None) == "qweb":
                wrong = self._beyond_in_html(value)
            else:
                parts = parse_inline_template(str(value))
                wrong = self._beyond_in(expression for _text, expression, *_ in parts)
            if wrong:
                return wrong
        return None

    def _beyond_in_html(self, value):
        node = html.fragment_fromstring(value, create_parent="div")
        expressions = []
        for element in node.iter(etree.Element):
            for name in [name for name in element.attrib if name.startswith("t-")]:
                expression = element.attrib.pop(name)
                if name not in DIRECTIVES or (name == "t-else" and expression):
                    return f'{name}="{expression}"'
                expressions.append(expression)
        rest = html.tostring(node, encoding="unicode")
        # Whatever else Odoo would compute is judged by Odoo.
        if self._has_unsafe_expression_template_qweb(rest, NOTICE):
            return rest
        return self._beyond_in(expressions)

    def _beyond_in(self, expressions):
        fields = self.env[NOTICE]._fields
        for expression in filter(None, expressions):
            for term in JOINED.split(expression.strip()):
                match = TERM.fullmatch(term)
                path = match and match[1]
                plain = path in fields and fields[path].type in PLAIN
                if not plain and path not in self._notice_paths():
                    return expression
        return None

    def _notice_paths(self):
        """What else may stand in a text of a notice than its own plain fields; an addon
        adds its own."""
        return {"partner_id.id", "permit_id.permit_number"}
